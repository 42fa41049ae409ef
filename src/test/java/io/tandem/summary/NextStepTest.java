package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class NextStepTest {
  private static final String SERIAL = "cpu-1x1-b4-fp32-executor";
  private static final String FOUR = "cpu-4x1-b4-fp32-executor";
  private static final String SMALLER = "smaller frames, which take less decoding";

  @Test
  void smallerFrames_areNamed_onlyWhereDecodingTakesTime() {
    assertThat(verdict(600, 1_500)).contains("or more cores").contains(SMALLER);
    assertThat(verdict(600, 100_000)).contains("or more cores").doesNotContain(SMALLER);
    assertThat(verdict(500, 1_200)).contains("or more cores").doesNotContain(SMALLER);
  }

  /** The text for full cores, on which four lanes predict 360 frames/s. */
  private static String verdict(double forwardCeiling, double decodeCeiling) {
    List<TrialRound> rounds = new ArrayList<>();
    List<Latency> latencies = new ArrayList<>();
    List<PhaseSummary> phases = new ArrayList<>();
    for (String trial : List.of(SERIAL, FOUR)) {
      boolean isSerial = trial.equals(SERIAL);
      for (int round = 1; round <= 6; round++) {
        rounds.add(
            new TrialRound(
                trial,
                round,
                new TrialRound.Work(1, (isSerial ? 100 : 360) + round % 2, 1_000_000, 1_000_000L),
                new TrialRound.Load(isSerial ? 1 : 3.9, null),
                new TrialRound.Ceilings(forwardCeiling, decodeCeiling),
                Rounds.UNDISTURBED,
                Rounds.HERE));
      }
      latencies.add(
          new Latency(
              trial,
              Latency.FORWARD,
              500,
              new Latency.Distribution(40_000, 40_000, 40_000, 40_000, 40_000, 40_000)));
      phases.add(
          new PhaseSummary(trial, "forward", 100, 0.8, new PhaseSummary.Times(1_000, 10, 10, 10)));
    }
    Measured measured = new Measured(rounds, latencies, phases, List.of(), List.of(), 0);
    return Rounds.summary(measured, SERIAL, FOUR).verdict().text();
  }
}
