package io.tandem.report;

import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Writes {@code summary.md}: verdict and tables as Markdown, for a pull request. */
public final class SummaryMarkdown {
  private SummaryMarkdown() {}

  /** Returns the text of the file. */
  public static String of(Summary summary) {
    return """
        %s

        **%s**

        %s
        Ceilings of each stage alone in frames/s, hours per million frames, and validity:

        %s
        %s

        %s
        """
        .formatted(
            escaped(String.join("\n", summary.verdict().answer())),
            escaped(ConsoleTable.heading(summary).strip()),
            table(summary, ConsoleTable.SPEED, trial -> ConsoleTable.remark(trial, summary)),
            table(summary, ConsoleTable.trust(summary), trial -> ""),
            escaped(String.join(" ", summary.verdict().reasons())),
            Stream.concat(
                    Stream.of(SummaryNotes.method(summary).strip()),
                    SummaryNotes.rows(summary).stream().map(SummaryMarkdown::escaped))
                .collect(Collectors.joining("\n\n")));
  }

  private static String table(
      Summary summary, List<Metric> of, Function<TrialSummary, String> remark) {
    List<Metric> metrics = new ArrayList<>(ConsoleTable.setting(summary));
    metrics.addAll(of);
    StringBuilder table = new StringBuilder();
    table.append(row(metrics.stream().map(Metric::heading).toList(), ""));
    table.append(row(metrics.stream().map(m -> "---").toList(), "---"));
    for (TrialSummary trial : summary.rows()) {
      table.append(row(metrics.stream().map(m -> m.shown(trial)).toList(), remark.apply(trial)));
    }
    return table.toString();
  }

  private static String row(List<String> cells, String last) {
    return cells.stream()
        .map(SummaryMarkdown::escaped)
        .collect(Collectors.joining(" | ", "| ", " | " + escaped(last) + " |\n"));
  }

  private static String escaped(String cell) {
    return Markdown.escaped(cell);
  }
}
