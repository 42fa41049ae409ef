package io.tandem.report;

import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import java.util.stream.Collectors;

/** {@code speedup.csv}: a row a trial, RFC 4180. */
public final class SpeedupCsv {
  private SpeedupCsv() {}

  public static String of(Summary summary) {
    StringBuilder csv = new StringBuilder();
    csv.append(Metric.ALL.stream().map(Metric::name).collect(Collectors.joining(","))).append('\n');
    for (TrialSummary trial : summary.trials()) {
      csv.append(
              Metric.ALL.stream()
                  .map(metric -> cell(metric.written(trial)))
                  .collect(Collectors.joining(",")))
          .append('\n');
    }
    return csv.toString();
  }

  private static String cell(String value) {
    boolean plain = value.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
  }
}
