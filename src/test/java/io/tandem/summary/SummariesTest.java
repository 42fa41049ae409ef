package io.tandem.summary;

import static io.tandem.summary.Rounds.measured;
import static io.tandem.summary.Rounds.round;
import static io.tandem.summary.Rounds.rounds;
import static io.tandem.summary.Rounds.summary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tandem.trial.Interval;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SummariesTest {
  private static final String SERIAL = "cpu-1x1-b4-fp32-executor";
  private static final String ALL_CORES = "cpu-1x4-b4-fp32-executor";
  private static final String TWO = "cpu-2x1-b4-fp32-executor";
  private static final String EIGHT = "cpu-8x1-b4-fp32-executor";

  @Test
  void speedup_isTheMedianOfRatiosWithinARound() {
    // The machine is three times slower in round 2: ratios within rounds are 1.8, 2.0, 1.9.
    List<TrialRound> rounds = new ArrayList<>();
    rounds.addAll(List.of(round(SERIAL, 1, 100), round(TWO, 1, 180)));
    rounds.addAll(List.of(round(SERIAL, 2, 30), round(TWO, 2, 60)));
    rounds.addAll(List.of(round(SERIAL, 3, 100), round(TWO, 3, 190)));
    TrialSummary two = summary(measured(rounds), SERIAL, TWO).trials().get(1);
    assertThat(two.speedup().median()).isEqualTo(1.9, within(1e-12));
    assertThat(two.throughput().fps()).isEqualTo(180, within(1e-9));
    assertThat(two.speedup().efficiency()).isEqualTo(0.95, within(1e-12));
    assertThat(two.throughput().rounds()).isEqualTo(3);
    assertThat(two.throughput().frames()).isEqualTo(430);
  }

  @Test
  void speedup_comparesOnlyRoundsThatBothHave() {
    List<TrialRound> rounds =
        List.of(round(SERIAL, 1, 100), round(TWO, 1, 150), round(TWO, 2, 900));
    Summary summary = summary(measured(rounds), SERIAL, TWO);
    assertThat(summary.trials().get(1).speedup().median()).isEqualTo(1.5, within(1e-12));
  }

  @Test
  void allCores_isTheSecondBaseline() {
    List<TrialRound> rounds =
        List.of(round(SERIAL, 1, 100), round(ALL_CORES, 1, 250), round(EIGHT, 1, 400));
    List<TrialSummary> trials = summary(measured(rounds), SERIAL, ALL_CORES, EIGHT).trials();
    assertThat(trials.get(0).speedup().vsAllCores()).isEqualTo(0.4, within(1e-12));
    assertThat(trials.get(1).speedup().vsAllCores()).isEqualTo(1, within(1e-12));
    assertThat(trials.get(2).speedup().vsAllCores()).isEqualTo(1.6, within(1e-12));
  }

  @Test
  void efficiency_countsNoMoreThanTheCores() {
    List<TrialRound> rounds = List.of(round(SERIAL, 1, 100), round(EIGHT, 1, 400));
    Summary summary = summary(measured(rounds), SERIAL, EIGHT);
    assertThat(summary.trials().get(1).speedup().efficiency()).isEqualTo(1, within(1e-12));
    assertThat(summary.fastest().trial().id()).isEqualTo(EIGHT);
  }

  @Test
  void latency_isInMilliseconds_andP99OnlyFromAThousandForwards() {
    List<TrialRound> rounds = List.of(round(SERIAL, 1, 100), round(TWO, 1, 150));
    List<Latency> latencies =
        List.of(
            new Latency(
                SERIAL,
                Latency.FORWARD,
                999,
                new Latency.Distribution(1, 10_000, 11_000, 12_000, 13_000, 14_000)),
            new Latency(
                TWO,
                Latency.FORWARD,
                1_000,
                new Latency.Distribution(1, 15_000, 16_000, 17_000, 18_000, 19_000)),
            new Latency(
                TWO,
                Latency.FRAME,
                4_000,
                new Latency.Distribution(1, 90_000, 91_000, 92_000, 93_000, 94_000)));
    Measured measured = new Measured(rounds, latencies, List.of(), List.of(), List.of(), 0);
    List<TrialSummary> trials = summary(measured, SERIAL, TWO).trials();
    assertThat(trials.get(0).latency().p50()).isEqualTo(10.0);
    assertThat(trials.get(0).latency().p99()).isNull();
    assertThat(trials.get(1).latency().p99()).isEqualTo(18.0);
    assertThat(trials.get(1).latency().inflation()).isEqualTo(1.5);
  }

  @Test
  void commonThroughput_isEmptyWhereClocksWereNotCompared() {
    List<TrialRound> rounds =
        List.of(
            new TrialRound(
                SERIAL,
                1,
                new TrialRound.Work(1, 100, 1_000_000, 1_250_000L),
                new TrialRound.Load(1, null),
                TrialRound.Ceilings.NOT_MEASURED,
                Rounds.UNDISTURBED,
                Rounds.HERE),
            new TrialRound(
                TWO,
                1,
                new TrialRound.Work(2, 100, 1_000_000, null),
                new TrialRound.Load(2, null),
                TrialRound.Ceilings.NOT_MEASURED,
                Rounds.UNDISTURBED,
                Rounds.HERE));
    List<TrialSummary> trials = summary(measured(rounds), SERIAL, TWO).trials();
    assertThat(trials.get(0).throughput().commonFps()).isEqualTo(80.0);
    assertThat(trials.get(1).throughput().commonFps()).isNull();
  }

  @Test
  void trialThatWasNotMeasured_hasNoRow() {
    List<TrialRound> rounds = List.of(round(SERIAL, 1, 100));
    assertThat(summary(measured(rounds), SERIAL, TWO).trials()).hasSize(1);
  }

  @Test
  void missingBaseline_isNamed() {
    List<TrialRound> rounds = List.of(round(TWO, 1, 100));
    assertThatThrownBy(() -> summary(measured(rounds), SERIAL, TWO)).hasMessageContaining(SERIAL);
  }

  @Test
  void interval_needsSixRounds_andTheBaselineHasNone() {
    List<TrialRound> five = new ArrayList<>(rounds(SERIAL, 100, 101, 99, 100, 102));
    five.addAll(rounds(TWO, 180, 190, 185, 188, 183));
    TrialSummary two = summary(measured(five), SERIAL, TWO).trials().get(1);
    assertThat(two.speedup().interval()).isNull();

    List<TrialRound> six = new ArrayList<>(rounds(SERIAL, 100, 100, 100, 100, 100, 100));
    six.addAll(rounds(TWO, 180, 190, 185, 188, 183, 186));
    Summary summary = summary(measured(six), SERIAL, TWO);
    assertThat(summary.trials().get(0).speedup().interval()).isNull();
    Interval interval = Objects.requireNonNull(summary.trials().get(1).speedup().interval());
    assertThat(interval.low()).isBetween(1.8, 1.855);
    assertThat(interval.high()).isBetween(1.855, 1.9);
  }

  @Test
  void uncertain_areTrialsWithWideIntervals() {
    List<TrialRound> rounds = new ArrayList<>(rounds(SERIAL, 100, 100, 100, 100, 100, 100));
    rounds.addAll(rounds(TWO, 180, 181, 180, 179, 180, 181));
    rounds.addAll(rounds(EIGHT, 300, 380, 350, 400, 320, 360));
    Summary summary = summary(measured(rounds), SERIAL, TWO, EIGHT);
    assertThat(summary.undecided()).extracting(trial -> trial.trial().id()).containsExactly(EIGHT);
  }

  @ParameterizedTest
  @CsvSource({
    // In the lane itself the times of a frame add up: 1 / (1/100 + 1/400) = 80.
    "0, cpu, 2, 0.9375",
    // Beside it, with a core for each thread, the slower part is the limit: 100.
    "1, cpu, 2, 0.75",
    // Two lanes and eight helpers on four cores take turns again.
    "4, cpu, 2, 0.9375",
    // A GPU's lanes do not share it with the helpers.
    "4, gpu, 2, 0.75",
  })
  void ceilingRatio_isOfWhatTheParts_reachTogether(
      int decodeThreads, String device, int lanes, double ratio) {
    String serial = "%s-1x1-b4-fp32-executor".formatted(device);
    String trial = "%s-%dx1-b4-fp32-executor".formatted(device, lanes);
    List<TrialRound> rounds =
        List.of(
            Rounds.round(serial, 1, 60, 80.0, 300.0, Rounds.UNDISTURBED),
            Rounds.round(trial, 1, 75, 100.0, 400.0, Rounds.UNDISTURBED));
    TrialSummary summary =
        Summaries.of(
                Rounds.environment(decodeThreads, 4),
                Trials.planned(serial, trial),
                measured(rounds))
            .trials()
            .get(1);
    assertThat(summary.ceiling().forwardFps()).isEqualTo(100.0);
    assertThat(summary.ceiling().decodeFps()).isEqualTo(400.0);
    assertThat(summary.ceiling().ratio()).isEqualTo(ratio, within(1e-9));
  }

  @Test
  void otherAnswers_makeARowInvalid_andItIsNotTheBest() {
    List<TrialRound> rounds = List.of(round(SERIAL, 1, 100), round(TWO, 1, 180));
    Summary summary = summary(measured(rounds, new Agreement(TWO, 0.97, 0.2, 83)), SERIAL, TWO);
    assertThat(summary.trials().get(1).valid()).isFalse();
    assertThat(summary.trials().get(1).reason()).startsWith("only 0.9700 of the results");
    assertThat(summary.best().trial().id()).isEqualTo(SERIAL);
  }

  @Test
  void invalidBaseline_makesAllRowsInvalid() {
    Conditions garbage =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0.4, Rounds.interference(0.0, 0.0), 0L);
    List<TrialRound> rounds =
        List.of(Rounds.round(SERIAL, 1, 100, null, null, garbage), round(TWO, 1, 180));
    List<TrialSummary> trials = summary(measured(rounds), SERIAL, TWO).trials();
    assertThat(trials.get(0).reason()).startsWith("garbage collection took 40.0 %");
    assertThat(trials.get(1).reason()).isEqualTo("the baseline is invalid");
  }

  @Test
  void ranking_hasTheDisturbedRounds_ifTooFewAreSharedWithoutThem() {
    String third = "cpu-4x1-b4-fp32-executor";
    Conditions foreign =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0, Rounds.interference(0.4, 0.0), 0L);
    List<TrialRound> rounds = new ArrayList<>();
    for (int round = 1; round <= 7; round++) {
      rounds.add(
          round == 3
              ? Rounds.round(SERIAL, 3, 100, null, null, foreign)
              : Rounds.round(SERIAL, round, 100));
      rounds.add(Rounds.round(TWO, round, 190));
      if (round <= 6) { // It cannot be the best, and has no more rounds.
        rounds.add(Rounds.round(third, round, 120));
      }
    }
    Summary summary = summary(measured(rounds), SERIAL, TWO, third);
    assertThat(summary.trials().get(0).throughput().rounds())
        .as("round 3 is left out")
        .isEqualTo(6);
    assertThat(summary.ranking()).isNotNull();
    assertThat(Verdicts.of(summary).text()).startsWith("Run 2 predictions at a time: 1.90");
  }

  @Test
  void disturbedRounds_areLeftOut_aQuarterAtMost_andSaid() {
    Conditions foreign =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0, Rounds.interference(0.4, 0.0), 0L);
    Conditions stolen =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0, Rounds.interference(0.0, 0.2), 0L);
    List<TrialRound> rounds =
        new ArrayList<>(rounds(SERIAL, 100, 100, 100, 100, 100, 100, 100, 100));
    rounds.addAll(rounds(TWO, 180, 180, 180, 180, 180));
    rounds.add(Rounds.round(TWO, 6, 90, null, null, foreign));
    rounds.add(Rounds.round(TWO, 7, 300, null, null, stolen));
    rounds.add(Rounds.round(TWO, 8, 90, null, null, stolen));
    Summary summary = summary(measured(rounds), SERIAL, TWO);
    TrialSummary two = summary.trials().get(1);
    assertThat(two.valid()).isTrue();
    assertThat(two.trust().disturbed())
        .containsExactly(
            new Disturbance(6, "other programs used 40 % of the host's CPUs"),
            new Disturbance(7, "the hypervisor took 20 % of the host's CPUs"));
    assertThat(two.throughput().rounds()).isEqualTo(6);
    assertThat(two.speedup().interval()).isNotNull();
    assertThat(two.speedup().allRounds()).isEqualTo(1.8);
    assertThat(summary.mostDisturbed()).isEqualTo(3);
    List<TrialRound> six = rounds.stream().filter(round -> round.round() != 4).toList();
    six = six.stream().filter(round -> round.round() != 5).toList();
    assertThat(summary(measured(six), SERIAL, TWO).trials().get(1).trust().disturbed()).isEmpty();
  }

  /**
   * A setting that was dropped after round 1, in which only the all-core baseline was disturbed.
   */
  @Test
  void ratioToADisturbedBaseline_isTakenOverTheRoundsThatThereAre() {
    Conditions foreign =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0, Rounds.interference(0.4, 0.0), 0L);
    List<TrialRound> rounds =
        new ArrayList<>(rounds(SERIAL, 100, 100, 100, 100, 100, 100, 100, 100));
    rounds.add(Rounds.round(ALL_CORES, 1, 80, null, null, foreign));
    for (int round = 2; round <= 8; round++) {
      rounds.add(Rounds.round(ALL_CORES, round, 160));
    }
    rounds.add(Rounds.round(TWO, 1, 120));
    Summary summary = summary(measured(rounds), SERIAL, ALL_CORES, TWO);
    assertThat(summary.trials().get(1).trust().disturbed()).hasSize(1);
    assertThat(summary.trials().get(2).speedup().vsAllCores()).isEqualTo(1.5);
  }

  @Test
  void scaling_needsFiveLevelsUpToTheCores() {
    List<TrialRound> rounds =
        List.of(
            round(SERIAL, 1, 100),
            round(ALL_CORES, 1, 250),
            round(TWO, 1, 180),
            round(EIGHT, 1, 300));
    List<ScalingSummary> scaling =
        summary(measured(rounds), SERIAL, ALL_CORES, TWO, EIGHT).scaling();
    assertThat(scaling).hasSize(1);
    assertThat(scaling.get(0).series()).isEqualTo("cpu-Nx1-b4-fp32-executor");
    assertThat(scaling.get(0).levels()).isEqualTo(2);
    assertThat(scaling.get(0).note())
        .isEqualTo("not identifiable: needs 3 more levels up to the cores");
  }
}
