package io.tandem.summary;

import static io.tandem.summary.Rounds.RULES;
import static io.tandem.summary.Rounds.UNDISTURBED;
import static io.tandem.summary.Rounds.round;
import static io.tandem.summary.Rounds.rounds;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.trial.Trial;
import io.tandem.trial.Trials;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ValidityTest {
  private static final String TWO = "cpu-2x1-b4-fp32-executor";
  private static final Validity VALIDITY =
      new Validity(RULES, Rounds.FRAMES, Trials.named("cpu-1x1-b4-fp32-executor"));

  @Test
  void undisturbedTrial_breaksNoRule() {
    assertThat(broken(rounds(TWO, 180, 182, 179))).isEmpty();
  }

  @Test
  void missingFrames_inAnyRound() {
    assertThat(broken(in(conditions(1_000_000, 97, 0, 0, 0.0, 0.0, 0L), UNDISTURBED, UNDISTURBED)))
        .containsExactly("3 of 100 frames missing");
  }

  @Test
  void framesTwice_inAnyRound() {
    assertThat(broken(in(UNDISTURBED, conditions(1_000_000, 100, 5, 0, 0.0, 0.0, 0L), UNDISTURBED)))
        .containsExactly("5 duplicate rows of frames");
  }

  @Test
  void tooShort_byItsShortestLane() {
    assertThat(broken(in(UNDISTURBED, UNDISTURBED, conditions(400_000, 100, 0, 0, 0.0, 0.0, 0L))))
        .containsExactly("too short: a lane ran for 0.40 s (minimum 1.00 s)");
  }

  @Test
  void tooFewBatches_inAllRounds() {
    assertThat(broken(rounds(TWO, 10, 10, 8)))
        .containsExactly("too little work: 7 batches (minimum 8)");
  }

  @Test
  void noise_breaksNoRule() {
    assertThat(broken(rounds(TWO, 60, 200, 340))).isEmpty();
  }

  @Test
  void conditions_countByTheMedianOverTheRounds() {
    Conditions collecting = conditions(1_000_000, 100, 0, 0.08, 0.0, 0.0, 0L);
    Conditions disturbed = conditions(1_000_000, 100, 0, 0, 0.25, 0.3, 0L);
    Conditions apart = conditions(1_000_000, 100, 0, 0, 0.0, 0.0, 45_000L);
    assertThat(broken(in(collecting, collecting, UNDISTURBED)))
        .containsExactly("garbage collection took 8.0 % (over 5 %) of the time");
    assertThat(broken(in(apart, UNDISTURBED, apart)))
        .containsExactly("lanes started 45 ms apart (over 20 ms)");
    assertThat(broken(in(disturbed, disturbed, disturbed))).isEmpty();
  }

  @Test
  void unknownConditions_breakNoRule() {
    Conditions unknown = conditions(1_000_000, 100, 0, 0, null, null, null);
    assertThat(broken(in(unknown, unknown, unknown))).isEmpty();
  }

  @Test
  void otherAnswers_areAllowedToLowerPrecisionOnly() {
    Agreement almost = new Agreement(TWO, 0.99, 0.03, 83);
    assertThat(VALIDITY.violations(Trials.named(TWO), rounds(TWO, 180), almost))
        .containsExactly("only 0.9900 of the results agree with the baseline's (minimum 1.00)");
    Trial lower = Trials.named("cpu-2x1-b4-bf16-executor");
    assertThat(VALIDITY.violations(lower, rounds(TWO, 180), almost)).isEmpty();
    assertThat(VALIDITY.violations(lower, rounds(TWO, 180), new Agreement(TWO, 0.979, 0.1, 83)))
        .containsExactly("only 0.9790 of the results agree with the baseline's (minimum 0.98)");
  }

  private static List<String> broken(List<TrialRound> rounds) {
    return VALIDITY.violations(Trials.named(TWO), rounds, Agreement.unknown(TWO));
  }

  private static List<TrialRound> in(Conditions first, Conditions second, Conditions third) {
    return List.of(
        round(TWO, 1, 180, null, null, first),
        round(TWO, 2, 180, null, null, second),
        round(TWO, 3, 180, null, null, third));
  }

  private static Conditions conditions(
      long shortestUs,
      long once,
      long twice,
      double gc,
      @Nullable Double foreign,
      @Nullable Double stolen,
      @Nullable Long skewUs) {
    return new Conditions(
        shortestUs, once, twice, gc, Rounds.interference(foreign, stolen), skewUs);
  }
}
