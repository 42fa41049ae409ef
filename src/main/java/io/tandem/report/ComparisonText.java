package io.tandem.report;

import io.tandem.summary.Comparison;
import io.tandem.summary.TrialSummary;
import io.tandem.text.RunJson;
import io.tandem.text.TextTable;
import io.tandem.text.Wrap;
import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Writes two runs side by side for the console, as JSON and as Markdown. */
public final class ComparisonText {
  private static final List<String> HEADINGS =
      List.of("trial", "first fps", "second fps", "ratio", "95 % interval", "p50 x", "");

  private final Comparison comparison;
  private final Map<String, List<String>> settings;

  /**
   * Takes a comparison.
   *
   * @param settings what differs in the runs' settings: key, then both values
   */
  public ComparisonText(Comparison comparison, Map<String, List<String>> settings) {
    this.comparison = comparison;
    this.settings = new LinkedHashMap<>(settings);
    place(comparison.first().machine().cpu(), comparison.second().machine().cpu(), "cpu");
    place(comparison.first().cores() + "", comparison.second().cores() + "", "cores");
    place(
        comparison.first().software().engine(), comparison.second().software().engine(), "engine");
    place(
        comparison.first().software().tandem(), comparison.second().software().tandem(), "tandem");
    place(comparison.first().software().spark(), comparison.second().software().spark(), "spark");
  }

  private void place(String first, String second, String key) {
    if (!first.equals(second)) {
      settings.put(key, List.of(first, second));
    }
  }

  /** Returns the differences and the table for the console. */
  public String console() {
    TextTable table = new TextTable();
    table.row(HEADINGS);
    comparison.rows().forEach(row -> table.row(cells(row)));
    StringBuilder text = new StringBuilder();
    text.append("Differences:").append(settings.isEmpty() ? " none\n" : "\n");
    settings.forEach(
        (key, both) -> text.append("  %s: %s -> %s%n".formatted(key, both.get(0), both.get(1))));
    return text.append('\n')
        .append(table.text())
        .append('\n')
        .append(Wrap.at(110, caution()))
        .append('\n')
        .toString();
  }

  /** Returns the differences and the table as Markdown. */
  public String markdown() {
    StringBuilder text = new StringBuilder();
    settings.forEach(
        (key, both) ->
            text.append(
                "- `%s`: %s → %s%n"
                    .formatted(
                        key.replace("`", "'"),
                        Markdown.escaped(both.get(0)),
                        Markdown.escaped(both.get(1)))));
    text.append(settings.isEmpty() ? "" : "\n");
    text.append(line(HEADINGS));
    text.append(line(HEADINGS.stream().map(h -> "---").toList()));
    comparison.rows().forEach(row -> text.append(line(cells(row))));
    return text.append('\n').append(caution()).append('\n').toString();
  }

  /** Returns both environments, the differences and the trials as JSON. */
  public String json() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("first", comparison.first());
    document.put("second", comparison.second());
    document.put("settings", settings);
    document.put("trials", comparison.rows());
    document.put("aa_repeats", comparison.repeats());
    return RunJson.write(document);
  }

  private static String line(List<String> cells) {
    return cells.stream().map(Markdown::escaped).collect(Collectors.joining(" | ", "| ", " |\n"));
  }

  private static List<String> cells(Comparison.Row row) {
    List<String> cells = new ArrayList<>();
    cells.add(row.trial());
    cells.add(number("%.1f", row.firstFps()));
    cells.add(number("%.1f", row.secondFps()));
    cells.add(number("%.3f", row.ratio()));
    Interval interval = row.interval();
    cells.add(
        interval == null
            ? ""
            : String.format(Locale.ROOT, "%.3f-%.3f", interval.low(), interval.high()));
    cells.add(number("%.2f", row.latencyRatio()));
    cells.add(remark(row));
    return cells;
  }

  private static String remark(Comparison.Row row) {
    String changed = row.isBeyondNoise() ? (row.ratio() > 1 ? "faster" : "slower") : "";
    String trust = row.valid() ? "" : "invalid";
    return changed.isEmpty() || trust.isEmpty() ? changed + trust : changed + ", " + trust;
  }

  private static String number(String format, @Nullable Double value) {
    return value == null ? "" : String.format(Locale.ROOT, format, value);
  }

  /** Says what the A/A repeats show of the noise, and what they do not. */
  private String caution() {
    Comparison.Repeats repeats = comparison.repeats();
    String aa =
        repeats.first() == null && repeats.second() == null
            ? "Neither run has an A/A repeat (benchmark.aa-repeat), which would show that noise."
            : "The serial baseline against itself (A/A repeat): in the first run %s, in the second %s."
                .formatted(repeat(repeats.first()), repeat(repeats.second()));
    return "Faster and slower mean beyond the noise within the runs. %s How much a machine differs from day to day is in none of them: run both again, in turns."
        .formatted(aa);
  }

  private static String repeat(TrialSummary.@Nullable Speedup speedup) {
    if (speedup == null) {
      return "not measured";
    }
    Interval interval = speedup.interval();
    return number("%.3f", speedup.median())
        + (interval == null
            ? ""
            : String.format(Locale.ROOT, " (%.3f to %.3f)", interval.low(), interval.high()));
  }
}
