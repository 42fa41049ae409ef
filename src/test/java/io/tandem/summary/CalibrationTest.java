package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.trial.Interval;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The arithmetic against known answers: simulated rounds, each 2 % noisy, of known speedups. */
final class CalibrationTest {
  private static final int[] LANES = {1, 2, 3, 4, 6, 8};
  private static final double NOISE = 0.02;

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.1, 0.5, 1})
  void lockedShare_boundsTheSpeedup(double share) {
    Summary summary = simulated(n -> share == 0 ? n : Math.min(n, 1 / share));
    List<Check> checks = Checks.locked("simulated", share, summary);
    assertThat(checks).hasSize(LANES.length).allMatch(Check::passed);
    for (Check check : checks.subList(1, checks.size())) {
      double known = check.known();
      assertThat(summary.trials().get(checks.indexOf(check)).speedup().interval())
          .matches(i -> i != null && i.low() < known * 1.01 && i.high() > known * 0.99);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.05, 0.002", "0.1, 0.01", "0.3, 0"})
  void scalability_isFoundAgain(double sigma, double kappa) {
    Summary summary = simulated(new Scalability(sigma, kappa)::speedup);
    assertThat(Checks.scalability("simulated", sigma, kappa, summary)).allMatch(Check::passed);
    ScalingSummary scaling = summary.scaling().get(0);
    assertThat(scaling.levels()).isEqualTo(LANES.length);
    ScalingSummary.Fit fit = Objects.requireNonNull(scaling.fit());
    assertThat(fit.sigma()).matches(i -> i != null && i.low() <= sigma && sigma <= i.high());
    assertThat(fit.kappa()).matches(i -> i != null && i.low() <= kappa && kappa <= i.high());
    if (kappa > 0) {
      assertThat(fit.bestConcurrency())
          .isEqualTo(Math.sqrt((1 - sigma) / kappa), within(0.25 * Math.sqrt((1 - sigma) / kappa)));
    }
  }

  @Test
  void karpFlatt_ofALockedShare_isThatShare() {
    double share = 0.1;
    Summary summary = simulated(n -> 1 / (share + (1 - share) / n));
    for (TrialSummary trial : summary.trials().subList(1, LANES.length)) {
      assertThat(trial.speedup().karpFlatt()).isEqualTo(share, within(0.03));
    }
    assertThat(summary.trials().get(0).speedup().karpFlatt()).isNull();
  }

  @Test
  void wrongAnswers_failTheirChecks() {
    Summary summary = simulated(n -> n);
    assertThat(Checks.locked("simulated", 0.5, summary)).anyMatch(check -> !check.passed());
    assertThat(Checks.scalability("simulated", 0.3, 0, summary)).anyMatch(check -> !check.passed());
    assertThat(Checks.coverage("simulated", intervals(33, 40)).passed()).isFalse();
    assertThat(Checks.coverage("simulated", intervals(36, 40)).passed()).isTrue();
  }

  private static List<Interval> intervals(int holding, int of) {
    List<Interval> intervals = new ArrayList<>();
    for (int i = 0; i < of; i++) {
      intervals.add(i < holding ? new Interval(0.9, 1.1) : new Interval(1.01, 1.1));
    }
    return intervals;
  }

  private static Summary simulated(IntToDoubleFunction speedup) {
    Random random = new Random(3);
    List<TrialRound> rounds = new ArrayList<>();
    List<String> trials = new ArrayList<>();
    for (int lanes : LANES) {
      String trial = "cpu-%dx1-b1-sleep-executor".formatted(lanes);
      trials.add(trial);
      for (int round = 1; round <= 16; round++) {
        double frames =
            10_000 * speedup.applyAsDouble(lanes) * Math.exp(NOISE * random.nextGaussian());
        rounds.add(Rounds.round(trial, round, Math.round(frames)));
      }
    }
    return Summaries.of(
        Rounds.environment(0, 8),
        Trials.planned(trials.toArray(String[]::new)),
        Rounds.measured(rounds));
  }
}
