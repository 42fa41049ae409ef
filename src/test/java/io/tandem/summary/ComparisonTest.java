package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.trial.Environment;
import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
  private static final String SERIAL = "cpu-1x1-b4-fp32-executor";
  private static final String TWO = "cpu-2x1-b4-fp32-executor";
  private static final String EIGHT = "cpu-8x1-b4-fp32-executor";

  private final Summary before =
      summary(
          Rounds.rounds(SERIAL, 100, 101, 99, 100, 102, 98),
          Rounds.rounds(TWO, 180, 190, 185, 188, 183, 186));

  @Test
  void rows_areTheTrialsThatBothHave_withTheRatioOfTheirMedians() {
    Summary after =
        summary(
            Rounds.rounds(SERIAL, 90, 91, 89, 90, 92, 88),
            Rounds.rounds(EIGHT, 400, 400, 400, 400, 400, 400));
    Comparison comparison = Comparison.of(before, after);
    assertThat(comparison.rows()).hasSize(1);
    Comparison.Row row = comparison.rows().get(0);
    assertThat(row.ratio()).isEqualTo(0.9, within(1e-9));
    Interval interval = Objects.requireNonNull(row.interval());
    assertThat(interval.low()).isBetween(0.86, 0.9);
    assertThat(interval.high()).isBetween(0.9, 0.94);
    assertThat(row.isBeyondNoise()).isTrue();
    assertThat(comparison.below(0.95)).containsExactly(row);
    assertThat(comparison.below(0.88)).isEmpty();
  }

  @Test
  void noise_isNoDifference() {
    Summary after =
        summary(
            Rounds.rounds(SERIAL, 101, 99, 100, 98, 102, 100),
            Rounds.rounds(TWO, 186, 180, 190, 184, 187, 185));
    assertThat(Comparison.of(before, after).rows())
        .hasSize(2)
        .noneMatch(Comparison.Row::isBeyondNoise);
  }

  @Test
  void fewRounds_haveNoInterval_andTheGateTakesTheRatio() {
    Summary after = summary(Rounds.rounds(SERIAL, 60, 60));
    Comparison comparison = Comparison.of(before, after);
    assertThat(comparison.rows().get(0).interval()).isNull();
    assertThat(comparison.rows().get(0).isBeyondNoise()).isFalse();
    assertThat(comparison.below(0.95)).hasSize(1);
  }

  @Test
  void otherModelOrFrames_areADifference() {
    Environment one = Rounds.environment(0, 4);
    assertThat(Comparison.difference(one, Rounds.environment(0, 8))).isNull();
    assertThat(one.changeTo(one)).isNull();
    assertThat(one.changeTo(Rounds.environment(0, 8)))
        .isEqualTo("the number of cores was 4, and is 8");
  }

  @SafeVarargs
  private static Summary summary(List<TrialRound>... trials) {
    List<TrialRound> rounds = new ArrayList<>();
    List<String> names = new ArrayList<>();
    for (List<TrialRound> trial : trials) {
      rounds.addAll(trial);
      names.add(trial.get(0).trial());
    }
    return Rounds.summary(Rounds.measured(rounds), names.toArray(String[]::new));
  }
}
