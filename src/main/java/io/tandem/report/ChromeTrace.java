package io.tandem.report;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.tandem.summary.Timeline;
import io.tandem.text.Printable;
import java.io.IOException;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a timeline in Chrome's trace event format, gzipped, which ui.perfetto.dev opens: a process
 * for each executor with a track for each lane and helper thread and its counters, and one with the
 * trials. Times are microseconds since the timeline's beginning.
 */
public final class ChromeTrace {
  private static final int TRIALS = 1;

  private final JsonGenerator json;
  private final Timeline timeline;
  private final long zeroUs;
  private final Map<String, Integer> processes = new LinkedHashMap<>();
  private final Map<String, Integer> threads = new HashMap<>();

  private ChromeTrace(JsonGenerator json, Timeline timeline) {
    this.json = json;
    this.timeline = timeline;
    this.zeroUs = zero(timeline);
  }

  private static long zero(Timeline timeline) {
    long first = Long.MAX_VALUE;
    for (Timeline.Span span : timeline.spans()) {
      first = Math.min(first, span.fromUs());
    }
    for (Timeline.Mark mark : timeline.marks()) {
      first = Math.min(first, mark.atUs());
    }
    for (Timeline.Slice slice : timeline.slices()) {
      first = Math.min(first, slice.fromUs());
    }
    for (Timeline.Load load : timeline.loads()) {
      first = Math.min(first, load.atUs());
    }
    return first == Long.MAX_VALUE ? 0 : first;
  }

  /** Writes the trace, and closes the stream. */
  public static void write(Timeline timeline, OutputStream out) throws IOException {
    try (JsonGenerator json = new JsonFactory().createGenerator(new GZIPOutputStream(out))) {
      new ChromeTrace(json, timeline).write();
    }
  }

  private void write() throws IOException {
    json.writeStartObject();
    json.writeStringField("displayTimeUnit", "ms");
    json.writeObjectFieldStart("otherData");
    json.writeStringField("window", timeline.window());
    json.writeNumberField("start, epoch microseconds", zeroUs);
    json.writeEndObject();
    json.writeArrayFieldStart("traceEvents");
    if (!timeline.spans().isEmpty()) {
      name("process_name", TRIALS, 0, "trials (slices of %s)".formatted(timeline.window()));
      name("thread_name", TRIALS, 0, "trials");
    }
    for (Timeline.Span span : timeline.spans()) {
      begin("X", span.trial(), "trial", TRIALS, 0, span.fromUs());
      json.writeNumberField("dur", span.us());
      json.writeObjectFieldStart("args");
      json.writeNumberField("round", span.round());
      json.writeEndObject();
      json.writeEndObject();
    }
    for (Timeline.Mark mark : timeline.marks()) {
      begin("i", mark.what(), "lane", process(mark.executor()), thread(mark), mark.atUs());
      json.writeStringField("s", "t");
      json.writeEndObject();
    }
    for (Timeline.Slice slice : timeline.slices()) {
      write(slice);
    }
    for (Timeline.Load load : timeline.loads()) {
      write(load);
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private void write(Timeline.Slice slice) throws IOException {
    Timeline.Content content = slice.content();
    begin(
        "X",
        slice.phase(),
        slice.phase(),
        process(slice.track().executor()),
        thread(slice),
        slice.fromUs());
    json.writeNumberField("dur", slice.us());
    json.writeObjectFieldStart("args");
    json.writeStringField("frame", Printable.value(content.frame()));
    json.writeNumberField("frames", content.frames());
    json.writeNumberField("batch", content.batch());
    json.writeStringField("device", Printable.value(slice.track().device()));
    if (content.result() != null) {
      json.writeStringField("result", Printable.value(content.result()));
    }
    if (content.trial() != null) {
      json.writeStringField("trial", Printable.value(content.trial()));
    }
    if (content.round() != null) {
      json.writeNumberField("round", content.round());
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private void write(Timeline.Load load) throws IOException {
    int process = process(load.executor());
    for (int cpu = 0; cpu < load.coreLoad().size(); cpu++) {
      counter("CPU %d %%".formatted(cpu), process, load.atUs(), load.coreLoad().get(cpu) * 100);
    }
    counter("process, cores", process, load.atUs(), load.processCores());
    if (load.rssBytes() != null) {
      counter("RSS, MiB", process, load.atUs(), load.rssBytes() / (double) (1 << 20));
    }
    for (Timeline.Gpu gpu : load.gpus()) {
      if (gpu.utilization() != null) {
        counter("GPU %d %%".formatted(gpu.index()), process, load.atUs(), gpu.utilization() * 100);
      }
      if (gpu.memoryBytes() != null) {
        counter(
            "GPU %d memory, MiB".formatted(gpu.index()),
            process,
            load.atUs(),
            gpu.memoryBytes() / (double) (1 << 20));
      }
    }
  }

  private void counter(String name, int process, long atUs, double value) throws IOException {
    begin("C", name, "telemetry", process, 0, atUs);
    json.writeObjectFieldStart("args");
    json.writeNumberField("value", Math.round(value * 1_000) / 1e3);
    json.writeEndObject();
    json.writeEndObject();
  }

  private void begin(String type, String name, String category, int process, int thread, long atUs)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("ph", type);
    json.writeStringField("name", Printable.value(name));
    json.writeStringField("cat", category);
    json.writeNumberField("pid", process);
    json.writeNumberField("tid", thread);
    json.writeNumberField("ts", atUs - zeroUs);
  }

  private int process(String executor) throws IOException {
    Integer known = processes.get(executor);
    if (known != null) {
      return known;
    }
    int process = TRIALS + 1 + processes.size();
    processes.put(executor, process);
    name("process_name", process, 0, "executor " + executor);
    return process;
  }

  private int thread(Timeline.Slice slice) throws IOException {
    Timeline.Track track = slice.track();
    return thread(track.executor(), track.lane(), slice.phase(), track.thread());
  }

  private int thread(Timeline.Mark mark) throws IOException {
    return thread(mark.executor(), mark.lane(), "", 0);
  }

  private int thread(String executor, int lane, String phase, int helper) throws IOException {
    int process = process(executor);
    String name = helper == 0 ? "lane " + lane : "lane %d, %s %d".formatted(lane, phase, helper);
    String key = executor + " " + name;
    Integer known = threads.get(key);
    if (known != null) {
      return known;
    }
    int thread = threads.size() + 1;
    threads.put(key, thread);
    name("thread_name", process, thread, name);
    json.writeStartObject();
    json.writeStringField("ph", "M");
    json.writeStringField("name", "thread_sort_index");
    json.writeNumberField("pid", process);
    json.writeNumberField("tid", thread);
    json.writeObjectFieldStart("args");
    json.writeNumberField("sort_index", lane * 1_000 + (phase.equals("read") ? 500 : 0) + helper);
    json.writeEndObject();
    json.writeEndObject();
    return thread;
  }

  private void name(String what, int process, int thread, String name) throws IOException {
    json.writeStartObject();
    json.writeStringField("ph", "M");
    json.writeStringField("name", what);
    json.writeNumberField("pid", process);
    json.writeNumberField("tid", thread);
    json.writeObjectFieldStart("args");
    json.writeStringField("name", Printable.value(name));
    json.writeEndObject();
    json.writeEndObject();
  }
}
