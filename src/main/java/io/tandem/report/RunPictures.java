package io.tandem.report;

import io.tandem.summary.Timeline;
import io.tandem.text.Printable;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prepares a run's timeline for drawing: the machines' load, and windows of single trials. */
final class RunPictures {
  /** A window in which single slices can be seen. */
  private static final long WINDOW_US = 1_500_000;

  /** The most samples that a chart can show. */
  private static final int MOST_LOADS = 1_200;

  private final Timeline timeline;
  private final TrialNames names;

  RunPictures(Timeline timeline, TrialNames names) {
    this.timeline = timeline;
    this.names = names;
  }

  /** What an executor was doing: seconds since the run's beginning, and a list a core. */
  record Executor(
      String name,
      String host,
      List<Double> seconds,
      List<List<Float>> cores,
      List<Float> process,
      List<@Nullable Double> rssGib,
      List<List<@Nullable Float>> gpus) {}

  /** A trial in a round, in seconds since the run's beginning. */
  record Span(String trial, int round, double from, double to) {}

  /** A piece of one trial, in milliseconds since its beginning. */
  record Window(
      String trial,
      String name,
      int round,
      double millis,
      List<String> tracks,
      List<Bar> bars,
      List<Core> cores) {}

  /** A phase of a frame or batch, in milliseconds since the window's start. */
  record Bar(int track, String phase, double from, double length, String frame) {}

  /** How busy a core was from one sample to the next. */
  record Core(String track, double from, double to, float load) {}

  private long zeroUs() {
    return Stream.concat(
            timeline.spans().stream().map(Timeline.Span::fromUs),
            timeline.loads().stream().map(Timeline.Load::atUs))
        .min(Long::compare)
        .orElse(0L);
  }

  List<Span> spans() {
    long zero = zeroUs();
    return timeline.spans().stream()
        .map(
            s -> new Span(s.trial(), s.round(), (s.fromUs() - zero) / 1e6, (s.toUs() - zero) / 1e6))
        .toList();
  }

  List<Executor> executors() {
    Map<String, List<Timeline.Load>> byExecutor =
        timeline.loads().stream()
            .collect(
                Collectors.groupingBy(
                    Timeline.Load::executor, LinkedHashMap::new, Collectors.toList()));
    return byExecutor.values().stream().map(this::executor).toList();
  }

  private Executor executor(List<Timeline.Load> all) {
    int every = 1 + all.size() / MOST_LOADS;
    List<Timeline.Load> loads = new ArrayList<>();
    for (int i = 0; i < all.size(); i += every) {
      loads.add(all.get(i));
    }
    int cores = loads.stream().mapToInt(l -> l.coreLoad().size()).max().orElse(0);
    int gpus = loads.stream().mapToInt(l -> l.gpus().size()).max().orElse(0);
    List<List<Float>> coreLoads = new ArrayList<>();
    for (int core = 0; core < cores; core++) {
      int index = core;
      coreLoads.add(loads.stream().map(l -> l.coreLoad().get(index)).toList());
    }
    List<List<@Nullable Float>> gpuLoads = new ArrayList<>();
    for (int gpu = 0; gpu < gpus; gpu++) {
      gpuLoads.add(utilizations(loads, gpu));
    }
    long zero = zeroUs();
    List<@Nullable Double> rss = new ArrayList<>();
    loads.forEach(l -> rss.add(l.rssBytes() == null ? null : l.rssBytes() / (double) (1 << 30)));
    return new Executor(
        loads.get(0).executor(),
        loads.get(0).host(),
        loads.stream().map(l -> (l.atUs() - zero) / 1e6).toList(),
        coreLoads,
        loads.stream().map(Timeline.Load::processCores).toList(),
        rss,
        gpuLoads);
  }

  private static List<@Nullable Float> utilizations(List<Timeline.Load> loads, int gpu) {
    List<@Nullable Float> values = new ArrayList<>();
    for (Timeline.Load load : loads) {
      values.add(gpu < load.gpus().size() ? load.gpus().get(gpu).utilization() : null);
    }
    return values;
  }

  /** Returns the start of the trial's first round that has slices. */
  Optional<Window> window(Trial trial) {
    String id = trial.id();
    return timeline.spans().stream()
        .filter(span -> span.trial().equals(id))
        .min(Comparator.comparingInt(Timeline.Span::round))
        .map(span -> window(span, names.name(trial)));
  }

  private Window window(Timeline.Span span, String name) {
    long from = span.fromUs();
    long to = Math.min(span.toUs(), from + WINDOW_US);
    List<String> tracks = new ArrayList<>();
    List<Bar> bars = new ArrayList<>();
    List<Timeline.Slice> slices =
        timeline.slicesWithin(from, to).stream()
            .sorted(Comparator.comparing(RunPictures::track))
            .toList();
    for (Timeline.Slice slice : slices) {
      String track = track(slice);
      if (!tracks.contains(track)) {
        tracks.add(track);
      }
      bars.add(
          new Bar(
              tracks.indexOf(track),
              slice.phase(),
              (slice.fromUs() - from) / 1e3,
              slice.us() / 1e3,
              Printable.value(slice.content().frame().replaceFirst(".*/", ""))));
    }
    return new Window(
        span.trial(), name, span.round(), (to - from) / 1e3, tracks, bars, cores(from, to));
  }

  /** Returns the load of each host's cores, as one of its executors sampled them. */
  private List<Core> cores(long from, long to) {
    Map<String, String> samplers = new LinkedHashMap<>();
    timeline.loads().forEach(load -> samplers.putIfAbsent(load.host(), load.executor()));
    Map<String, Long> before = new HashMap<>();
    List<Core> cores = new ArrayList<>();
    for (Timeline.Load load : timeline.loads()) {
      if (!load.executor().equals(samplers.get(load.host()))) {
        continue;
      }
      long since = Math.max(from, before.getOrDefault(load.host(), from));
      before.put(load.host(), load.atUs());
      String host = samplers.size() == 1 ? "" : load.host() + ", ";
      for (int core = 0; core < load.coreLoad().size() && load.atUs() > from; core++) {
        if (since < to) {
          cores.add(
              new Core(
                  host + "CPU " + core,
                  (since - from) / 1e3,
                  (Math.min(to, load.atUs()) - from) / 1e3,
                  load.coreLoad().get(core)));
        }
      }
    }
    return cores;
  }

  /** Names the track; a lane's readers share one, as there are many and each does little. */
  private static String track(Timeline.Slice slice) {
    String lane = "lane " + slice.track().lane();
    if (slice.track().thread() == 0) {
      return lane;
    }
    return slice.phase().equals("read")
        ? lane + " reads"
        : lane + " decodes " + slice.track().thread();
  }
}
