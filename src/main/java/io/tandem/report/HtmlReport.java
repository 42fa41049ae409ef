package io.tandem.report;

import io.tandem.summary.Details;
import io.tandem.summary.ScalingSummary;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Printable;
import io.tandem.text.RunJson;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes {@code report.html}: a template, the chart library and the run's data in one page that
 * loads nothing else. The page decides by the roles in its data, never by the texts.
 */
public final class HtmlReport {
  private final Summary summary;
  private final Details details;
  private final List<Example> examples;
  private final String settings;
  private final TrialNames names;
  private final RunPictures pictures;

  private HtmlReport(Summary summary, Details details, List<Example> examples, String settings) {
    this.summary = summary;
    this.details = details;
    this.examples = List.copyOf(examples);
    this.settings = settings;
    this.names = new TrialNames(summary);
    this.pictures = new RunPictures(details.timeline(), names);
  }

  /**
   * A frame with its result drawn onto it.
   *
   * @param jpeg the content of a JPEG file; not copied
   */
  @SuppressWarnings("ArrayRecordComponent") // A picture's file goes straight into the page.
  public record Example(String name, byte[] jpeg) {}

  private record Document(
      Conclusion conclusion,
      Table table,
      List<Shown> examples,
      Charts charts,
      Environment environment,
      String settings) {}

  /** An example as the page has it. */
  private record Shown(String name, String uri) {}

  private record Conclusion(
      String heading, String limit, List<String> answer, List<String> reasons, List<Note> notes) {}

  /**
   * A line below the verdict.
   *
   * @param invalid whether it says why a trial is invalid
   */
  private record Note(String text, boolean invalid) {}

  /** The trials, and the columns of which each of the tables consists. */
  private record Table(
      List<Column> setting, List<Column> speed, List<Column> trust, List<Row> rows) {}

  private record Column(String name, String heading, String unit) {}

  /** A trial: its values for the charts, its cells as the console shows them. */
  private record Row(
      String trial,
      Names names,
      int lanes,
      Roles roles,
      String remark,
      Map<String, @Nullable Object> values,
      Map<String, String> cells) {}

  /**
   * The names of a trial and of its series for people.
   *
   * @param scaling the series' name in {@link Charts#scaling}
   */
  private record Names(String trial, String series, String scaling) {}

  /** The roles of a trial; {@code best} is the recommended one, where it is valid. */
  private record Roles(boolean serial, boolean allCores, boolean repeat, boolean best) {}

  private record Charts(
      List<ScalingSummary> scaling,
      List<Details.ForwardTimes> forwardTimes,
      List<Details.LaneShares> laneShares,
      List<RunPictures.Executor> executors,
      List<RunPictures.Span> spans,
      List<RunPictures.Window> windows) {}

  /**
   * Returns the page.
   *
   * @param examples frames with their results, for people to look at
   * @param settings the text of {@code settings.conf}
   */
  public static String of(
      Summary summary, Details details, List<Example> examples, String settings) {
    String json = RunJson.write(new HtmlReport(summary, details, examples, settings).document());
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
        new Conclusion(
            ConsoleTable.heading(summary).strip(),
            summary.verdict().limit().title(),
            summary.verdict().answer(),
            summary.verdict().reasons(),
            notes()),
        new Table(
            columns(ConsoleTable.setting(summary)),
            columns(ConsoleTable.SPEED),
            columns(ConsoleTable.trust(summary)),
            summary.rows().stream().map(this::row).toList()),
        examples.stream().map(HtmlReport::shown).toList(),
        charts(),
        summary.environment(),
        Printable.lines(settings));
  }

  private static Shown shown(Example example) {
    return new Shown(
        example.name(),
        "data:image/jpeg;base64," + Base64.getEncoder().encodeToString(example.jpeg()));
  }

  private Charts charts() {
    return new Charts(
        summary.scaling(),
        details.forwardTimes(),
        details.laneShares(),
        pictures.executors(),
        pictures.spans(),
        Stream.of(Optional.of(summary.serial()), parallel())
            .flatMap(Optional::stream)
            .map(trial -> pictures.window(trial.trial()))
            .flatMap(Optional::stream)
            .toList());
  }

  private List<Note> notes() {
    List<String> plain = new ArrayList<>();
    plain.add(SummaryNotes.method(summary).strip());
    plain.addAll(SummaryNotes.rows(summary));
    SummaryNotes.processors(summary).map(String::strip).ifPresent(plain::add);
    SummaryNotes.failures(summary).map(String::strip).ifPresent(plain::add);
    Stream<Note> invalid =
        summary.rows().stream()
            .filter(row -> !row.valid())
            .map(
                row ->
                    new Note(
                        "Invalid: %s: %s".formatted(names.name(row.trial()), row.reason()), true));
    return Stream.concat(plain.stream().map(text -> new Note(text, false)), invalid).toList();
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
        new Names(names.name(trial.trial()), names.series(trial.trial()), trial.trial().series()),
        trial.trial().concurrency(),
        roles(trial),
        ConsoleTable.remark(trial, summary),
        values,
        cells);
  }

  private Roles roles(TrialSummary row) {
    return new Roles(
        row.equals(summary.serial()),
        row.trial().role() == Trial.Role.ALL_CORE_BASELINE,
        row.trial().isRepeat(),
        row.valid() && row.equals(summary.best()));
  }

  /** Returns the trial to show next to the serial baseline: the best, or the fastest parallel. */
  private Optional<TrialSummary> parallel() {
    return summary.best().equals(summary.serial())
        ? summary.trials().stream()
            .filter(t -> t.trial().concurrency() > 1)
            .max(Comparator.comparingDouble(t -> t.speedup().median()))
        : Optional.of(summary.best());
  }
}
