package io.tandem.report;

import io.tandem.summary.ScalingSummary;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.summary.Verdict;
import io.tandem.text.RunJson;
import io.tandem.trial.Environment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes {@code summary.json}: the environment, and the trials with the columns of the CSV. */
public final class SummaryJson {
  private SummaryJson() {}

  private record Document(
      Environment environment,
      long failedFrames,
      String best,
      Verdict verdict,
      List<String> frontier,
      Map<String, String> units,
      List<Map<String, @Nullable Object>> trials,
      List<Disturbed> disturbed,
      List<Map<String, @Nullable Object>> scaling) {}

  /** A round of a trial that is left out. */
  private record Disturbed(String trial, int round, String why) {}

  /** Returns the text of the file. */
  public static String of(Summary summary) {
    List<Map<String, @Nullable Object>> trials = new ArrayList<>();
    for (TrialSummary trial : summary.rows()) {
      Map<String, @Nullable Object> cells = new LinkedHashMap<>();
      Metric.ALL.forEach(metric -> cells.put(metric.name(), metric.value().apply(trial)));
      trials.add(cells);
    }
    return RunJson.write(
        new Document(
            summary.environment(),
            summary.measured().failedFrames(),
            summary.best().trial().id(),
            summary.verdict(),
            summary.trials().stream()
                .filter(summary::isOnFrontier)
                .map(trial -> trial.trial().id())
                .toList(),
            units(),
            trials,
            summary.rows().stream().flatMap(SummaryJson::disturbed).toList(),
            summary.scaling().stream().map(SummaryJson::scaling).toList()));
  }

  private static Stream<Disturbed> disturbed(TrialSummary row) {
    return row.trust().disturbed().stream()
        .map(d -> new Disturbed(row.trial().id(), d.round(), d.why()));
  }

  private static Map<String, @Nullable Object> scaling(ScalingSummary scaling) {
    ScalingSummary.Fit fit = scaling.fit();
    Map<String, @Nullable Object> cells = new LinkedHashMap<>();
    cells.put("series", scaling.series());
    cells.put("levels", scaling.levels());
    cells.put("fit", fit == null ? null : fit.law());
    cells.put("sigma", fit == null ? null : fit.sigma());
    cells.put("kappa", fit == null ? null : fit.kappa());
    cells.put("best_concurrency", fit == null ? null : fit.bestConcurrency());
    cells.put("best_concurrency_interval", fit == null ? null : fit.bestConcurrencyInterval());
    cells.put("note", scaling.note());
    return cells;
  }

  /** Returns the units of the trials' columns that have one. */
  private static Map<String, String> units() {
    Map<String, String> units = new LinkedHashMap<>();
    for (Metric metric : Metric.ALL) {
      if (!metric.unit().isEmpty()) {
        units.put(metric.name(), metric.unit());
      }
    }
    return units;
  }
}
