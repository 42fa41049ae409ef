package io.tandem.report;

import io.tandem.summary.Check;
import io.tandem.text.Csv;
import io.tandem.text.TextTable;
import java.util.List;
import java.util.Locale;

/** Writes a calibration's checks for the console and as CSV. */
public final class CalibrationText {
  private CalibrationText() {}

  /** Returns the checks as a table for the console. */
  public static String table(List<Check> checks) {
    TextTable table = new TextTable();
    table.row(List.of("benchmark", "what", "known", "found", "allowed", ""));
    for (Check check : checks) {
      table.row(
          List.of(
              check.experiment(),
              check.what(),
              number(check.known()),
              number(check.found()),
              number(check.least()) + " to " + number(check.most()),
              check.passed() ? "passed" : "FAILED"));
    }
    long passed = checks.stream().filter(Check::passed).count();
    return table.text() + "%n%d of %d checks passed.%n".formatted(passed, checks.size());
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, Math.abs(value) < 0.1 ? "%.4f" : "%.3f", value);
  }

  /** Returns the checks as {@code calibration.csv}. */
  public static String csv(List<Check> checks) {
    Csv csv = new Csv(List.of("benchmark", "what", "known", "found", "least", "most", "passed"));
    for (Check c : checks) {
      csv.row(c.experiment(), c.what(), c.known(), c.found(), c.least(), c.most(), c.passed());
    }
    return csv.text();
  }
}
