package io.tandem.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.summary.SimulatedBenchmark;
import io.tandem.summary.Summary;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whether a reader finds the numbers of a verdict in the tables. */
final class VerdictNumbersTest {
  private static final Pattern DECIMAL = Pattern.compile("\\d+\\.\\d+");

  @ParameterizedTest
  @EnumSource
  void everyNumber_isInTheTables(SimulatedBenchmark.Law law) {
    for (int i = 0; i < 10; i++) {
      Summary summary = new SimulatedBenchmark(i, law, 0.02 * i).summary();
      String tables = ConsoleTable.tables(summary);
      String verdict = summary.verdict().text();
      assertThat(DECIMAL.matcher(verdict).results().map(MatchResult::group))
          .as(verdict)
          .isNotEmpty()
          .allSatisfy(number -> assertThat(tables).contains(number));
    }
  }
}
