package io.tandem.report;

import io.tandem.summary.Details;
import io.tandem.summary.ScalingSummary;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.RunJson;
import io.tandem.text.Words;
import io.tandem.trial.Environment;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * {@code report.html}: a template, the chart library and the run's data in one page that asks for
 * nothing else.
 */
public final class HtmlReport {
  private final Summary summary;
  private final Details details;
  private final String settings;
  private final TrialNames names;
  private final RunPictures pictures;

  private HtmlReport(Summary summary, Details details, String settings) {
    this.summary = summary;
    this.details = details;
    this.settings = settings;
    this.names = new TrialNames(summary);
    this.pictures = new RunPictures(details.timeline(), names);
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
      List<RunPictures.Executor> executors,
      List<RunPictures.Span> spans,
      List<RunPictures.Window> windows,
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
        summary.rows().stream().map(this::row).toList(),
        summary.scaling(),
        details.forwardTimes(),
        details.laneShares(),
        pictures.executors(),
        pictures.spans(),
        Stream.of(Optional.of(summary.serial()), parallel())
            .flatMap(Optional::stream)
            .map(trial -> pictures.window(trial.trial()))
            .flatMap(Optional::stream)
            .toList(),
        summary.environment(),
        settings);
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add(ConsoleTable.method(summary).strip());
    notes.addAll(ConsoleTable.external(summary));
    for (TrialSummary trial : summary.rows()) {
      if (!trial.valid()) {
        notes.add("Invalid: %s: %s".formatted(names.name(trial.trial()), trial.reason()));
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
        names.name(trial.trial()),
        names.series(trial.trial()),
        trial.trial().concurrency(),
        trial.trial().intraOpThreads(),
        ConsoleTable.remark(trial, summary),
        values,
        cells);
  }

  /** What one by one is shown beside: the best trial, or else the fastest with several lanes. */
  private Optional<TrialSummary> parallel() {
    return summary.best().equals(summary.serial())
        ? summary.trials().stream()
            .filter(t -> t.trial().concurrency() > 1)
            .max(Comparator.comparingDouble(t -> t.speedup().median()))
        : Optional.of(summary.best());
  }
}
