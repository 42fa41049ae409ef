package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What disturbs a round, and what is a condition of all of a trial's rounds. */
final class DisturbanceTest {
  private static final Interference QUIET = new Interference(0.0, 0.0, 0.0, 0.0, 3_000.0, 3L, null);

  @Test
  void eachKindIsNamed_withItsNumber() {
    assertThat(why(new Interference(0.11, 0.2, 0.0, 0.0, 3_000.0, 3L, null)))
        .isEqualTo("other programs used 11 % of the host's CPUs");
    assertThat(why(new Interference(0.1, 0.2, 0.0, 0.0, 3_000.0, 3L, null)))
        .isEqualTo("the hypervisor took 20 % of the host's CPUs");
    assertThat(why(new Interference(0.0, 0.0, 0.4, 0.0, 3_000.0, 3L, null)))
        .isEqualTo("the CPU quota held it back in 40 % of the time");
    assertThat(why(new Interference(0.0, 0.0, 0.1, 0.6, 3_000.0, 3L, null)))
        .isEqualTo("the GPU lowered its clock in 60 % of the time, for heat or power");
    assertThat(why(new Interference(0.0, 0.0, 0.0, 0.0, 2_400.0, 3L, null)))
        .isEqualTo("the cores ran at 2400 MHz instead of 3000");
    assertThat(why(new Interference(0.0, 0.0, 0.0, 0.0, 2_600.0, 1_250_000L, null)))
        .isEqualTo("the clock jumped by 1.25 s");
  }

  @Test
  void smallOrUnknownValues_disturbNothing() {
    assertThat(why(new Interference(0.1, 0.1, 0.1, 0.1, 2_600.0, 50_000L, null))).isNull();
    assertThat(why(new Interference(null, null, null, null, null, null, null))).isNull();
  }

  @Test
  void whatAllRoundsHave_isACondition() {
    Interference slow = new Interference(0.0, 0.0, 0.5, 1.0, 1_500.0, 3L, null);
    assertThat(Disturbance.all(rounds(slow, slow), Rounds.RULES)).isEmpty();
    assertThat(Disturbance.all(rounds(slow, QUIET), Rounds.RULES)).isEmpty();
  }

  private static @Nullable String why(Interference of) {
    List<Disturbance> found = Disturbance.all(rounds(QUIET, of), Rounds.RULES);
    assertThat(found).hasSizeLessThan(2).allMatch(disturbance -> disturbance.round() == 7);
    return found.isEmpty() ? null : found.get(0).why();
  }

  /** Six rounds, and one more. */
  private static List<TrialRound> rounds(Interference six, Interference more) {
    List<TrialRound> rounds = new ArrayList<>();
    for (int i = 1; i <= 7; i++) {
      Conditions conditions =
          new Conditions(1_000_000, Rounds.FRAMES, 0, 0, i == 7 ? more : six, 50L);
      rounds.add(Rounds.round("cpu-1x1-b4-fp32-executor", i, 100, null, null, conditions));
    }
    return rounds;
  }
}
