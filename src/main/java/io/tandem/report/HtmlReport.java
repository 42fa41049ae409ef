package io.tandem.report;

import io.tandem.summary.Details;
import io.tandem.summary.Environment;
import io.tandem.summary.ScalingSummary;
import io.tandem.summary.Summary;
import io.tandem.summary.Timeline;
import io.tandem.summary.TrialSummary;
import io.tandem.trial.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.html}: a template, the chart library and the run's data in one page that asks for
 * nothing else.
 */
public final class HtmlReport {
  /** What a person can look at, slice by slice. */
  private static final long WINDOW_US = 1_500_000;

  /** As many as a chart can show. */
  private static final int MOST_LOADS = 1_200;

  private final Summary summary;
  private final Details details;
  private final String settings;

  private HtmlReport(Summary summary, Details details, String settings) {
    this.summary = summary;
    this.details = details;
    this.settings = settings;
  }

  private record Document(
      String heading,
      String limit,
      List<String> verdict,
      List<String> notes,
      List<Column> setting,
      List<Column> speed,
      List<Column> trust,
      List<Row> rows,
      List<ScalingSummary> scaling,
      List<Details.ForwardTimes> forwardTimes,
      List<Details.LaneShares> laneShares,
      List<Executor> executors,
      List<Span> spans,
      List<Window> windows,
      Environment environment,
      String settings) {}

  /** A column of the table. */
  private record Column(String name, String heading, String unit) {}

  /** A trial: its values for the charts, its cells as the console shows them. */
  private record Row(
      String trial,
      String name,
      String series,
      int lanes,
      int threads,
      String remark,
      Map<String, @Nullable Object> values,
      Map<String, String> cells) {}

  /** What an executor was doing: seconds since the run's beginning, and a list a core. */
  private record Executor(
      String name,
      String host,
      List<Double> seconds,
      List<List<Float>> cores,
      List<Float> process,
      List<@Nullable Double> rssGib,
      List<List<@Nullable Float>> gpus) {}

  /** A trial in a round, in seconds since the run's beginning. */
  private record Span(String trial, int round, double from, double to) {}

  /** A piece of one trial, in milliseconds since its beginning. */
  private record Window(
      String trial,
      String name,
      int round,
      double millis,
      List<String> tracks,
      List<Bar> bars,
      List<Core> cores) {}

  private record Bar(int track, String phase, double from, double length, String frame) {}

  private record Core(int core, double at, float load) {}

  /**
   * @param settings the text of {@code settings.conf}
   */
  public static String of(Summary summary, Details details, String settings) {
    String json = RunJson.write(new HtmlReport(summary, details, settings).document());
    // In a page's script nothing may look like a tag; within JSON's strings this is the same.
    return resource("report.html")
        .replace("/*styles*/", resource("report.css"))
        .replace("/*charts*/", resource("echarts.min.js"))
        .replace("/*report*/", resource("report.js"))
        .replace("/*data*/", json.replace("<", "\\u003c").replace("\u2028", "\\u2028"));
  }

  private static String resource(String name) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the build left out " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + name, e);
    }
  }

  private Document document() {
    return new Document(
        ConsoleTable.heading(summary).strip(),
        summary.verdict().limit().name().replace('_', ' ').toLowerCase(Locale.ROOT),
        summary.verdict().sentences(),
        notes(),
        columns(ConsoleTable.setting(summary)),
        columns(ConsoleTable.SPEED),
        columns(ConsoleTable.trust(summary)),
        summary.trials().stream().map(this::row).toList(),
        summary.scaling(),
        details.forwardTimes(),
        details.laneShares(),
        executors(),
        spans(),
        Stream.of(Optional.of(summary.serial()), parallel())
            .flatMap(Optional::stream)
            .map(this::window)
            .flatMap(Optional::stream)
            .toList(),
        summary.environment(),
        settings);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(ConsoleTable.method(summary).strip());
    for (TrialSummary trial : summary.trials()) {
      if (!trial.valid()) {
        notes.add("Invalid: %s: %s".formatted(name(trial.trial()), trial.reason()));
      }
    }
    ConsoleTable.processors(summary).map(String::strip).ifPresent(notes::add);
    if (summary.measured().failedFrames() > 0) {
      notes.add(
          "%s could not be read or decoded; predictions/ has the errors."
              .formatted(Words.count(summary.measured().failedFrames(), "frame")));
    }
    return notes;
  }

  private static List<Column> columns(List<Metric> metrics) {
    return metrics.stream().map(m -> new Column(m.name(), m.heading(), m.unit())).toList();
  }

  private Row row(TrialSummary trial) {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    Metric.ALL.forEach(metric -> values.put(metric.name(), metric.value().apply(trial)));
    Map<String, String> cells = new LinkedHashMap<>();
    Stream.of(ConsoleTable.setting(summary), ConsoleTable.SPEED, ConsoleTable.trust(summary))
        .flatMap(List::stream)
        .forEach(metric -> cells.put(metric.name(), metric.shown(trial)));
    return new Row(
        trial.trial().id(),
        name(trial.trial()),
        series(trial.trial()),
        trial.trial().concurrency(),
        trial.trial().intraOpThreads(),
        ConsoleTable.remark(trial, summary),
        values,
        cells);
  }

  /** As short as can be: what all trials have in common is left out. */
  private String name(Trial trial) {
    return Stream.concat(
                Stream.of(
                    "%s × %s"
                        .formatted(
                            Words.count(trial.concurrency(), "lane"),
                            Words.count(trial.intraOpThreads(), "thread"))),
                different(trial))
            .collect(Collectors.joining(", "))
        + (trial.again() ? ", again" : "");
  }

  private String series(Trial trial) {
    return Stream.concat(Stream.of(Words.count(trial.intraOpThreads(), "thread")), different(trial))
        .collect(Collectors.joining(", "));
  }

  private Stream<String> different(Trial trial) {
    List<String> of = new ArrayList<>();
    List<String> named = ConsoleTable.setting(summary).stream().map(Metric::name).toList();
    if (named.contains("device")) {
      of.add(trial.device());
    }
    if (named.contains("batch_size")) {
      of.add("batch " + trial.batchSize());
    }
    if (named.contains("precision")) {
      of.add(trial.precision());
    }
    if (named.contains("model_scope")) {
      of.add("model per " + trial.modelScope().name().toLowerCase(Locale.ROOT));
    }
    return of.stream();
  }

  private long zeroUs() {
    return Stream.concat(
            details.timeline().spans().stream().map(Timeline.Span::fromUs),
            details.timeline().loads().stream().map(Timeline.Load::atUs))
        .min(Long::compare)
        .orElse(0L);
  }

  private List<Span> spans() {
    long zero = zeroUs();
    return details.timeline().spans().stream()
        .map(
            s -> new Span(s.trial(), s.round(), (s.fromUs() - zero) / 1e6, (s.toUs() - zero) / 1e6))
        .toList();
  }

  private List<Executor> executors() {
    Map<String, List<Timeline.Load>> byExecutor =
        details.timeline().loads().stream()
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

  /** What one by one is shown beside: the best trial, or else the fastest with several lanes. */
  private Optional<TrialSummary> parallel() {
    return summary.best().equals(summary.serial())
        ? summary.trials().stream()
            .filter(t -> t.trial().concurrency() > 1)
            .max(Comparator.comparingDouble(TrialSummary::speedup))
        : Optional.of(summary.best());
  }

  /** The beginning of a trial's first round that is shown slice by slice. */
  private Optional<Window> window(TrialSummary trial) {
    String id = trial.trial().id();
    return details.timeline().spans().stream()
        .filter(span -> span.trial().equals(id))
        .min(Comparator.comparingInt(Timeline.Span::round))
        .map(this::window);
  }

  private Window window(Timeline.Span span) {
    long from = span.fromUs();
    long to = Math.min(span.toUs(), from + WINDOW_US);
    List<String> tracks = new ArrayList<>();
    List<Bar> bars = new ArrayList<>();
    List<Timeline.Slice> slices =
        details.timeline().slicesWithin(from, to).stream()
            .sorted(Comparator.comparing(HtmlReport::track))
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
              slice.frame().replaceFirst(".*/", "")));
    }
    List<Core> cores = new ArrayList<>();
    for (Timeline.Load load : details.timeline().loads()) {
      if (load.atUs() >= from && load.atUs() <= to) {
        for (int core = 0; core < load.coreLoad().size(); core++) {
          cores.add(new Core(core, (load.atUs() - from) / 1e3, load.coreLoad().get(core)));
        }
      }
    }
    return new Window(
        span.trial(),
        name(Trial.of(span.trial())),
        span.round(),
        (to - from) / 1e3,
        tracks,
        bars,
        cores);
  }

  /** A lane's readers share one track: there are many, and each does little. */
  private static String track(Timeline.Slice slice) {
    String lane = "lane " + slice.lane();
    if (slice.thread() == 0) {
      return lane;
    }
    return slice.phase().equals("read") ? lane + " reads" : lane + " decodes " + slice.thread();
  }
}
