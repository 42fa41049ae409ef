package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

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
    TrialSummary two = Summaries.of(environment(SERIAL, TWO), rounds, List.of(), 0).trials().get(1);
    assertThat(two.speedup()).isEqualTo(1.9, within(1e-12));
    assertThat(two.throughputFps()).isEqualTo(180, within(1e-9));
    assertThat(two.efficiency()).isEqualTo(0.95, within(1e-12));
    assertThat(two.rounds()).isEqualTo(3);
    assertThat(two.frames()).isEqualTo(430);
  }

  @Test
  void speedup_comparesOnlyRoundsThatBothHave() {
    List<TrialRound> rounds =
        List.of(round(SERIAL, 1, 100), round(TWO, 1, 150), round(TWO, 2, 900));
    Summary summary = Summaries.of(environment(SERIAL, TWO), rounds, List.of(), 0);
    assertThat(summary.trials().get(1).speedup()).isEqualTo(1.5, within(1e-12));
  }

  @Test
  void allCores_isTheSecondBaseline() {
    List<TrialRound> rounds =
        List.of(round(SERIAL, 1, 100), round(ALL_CORES, 1, 250), round(EIGHT, 1, 400));
    List<TrialSummary> trials =
        Summaries.of(environment(SERIAL, ALL_CORES, EIGHT), rounds, List.of(), 0).trials();
    assertThat(trials.get(0).speedupVsAllCores()).isEqualTo(0.4, within(1e-12));
    assertThat(trials.get(1).speedupVsAllCores()).isEqualTo(1, within(1e-12));
    assertThat(trials.get(2).speedupVsAllCores()).isEqualTo(1.6, within(1e-12));
  }

  @Test
  void efficiency_countsNoMoreThanTheCores() {
    List<TrialRound> rounds = List.of(round(SERIAL, 1, 100), round(EIGHT, 1, 400));
    Summary summary = Summaries.of(environment(SERIAL, EIGHT), rounds, List.of(), 0);
    assertThat(summary.trials().get(1).efficiency()).isEqualTo(1, within(1e-12));
    assertThat(summary.fastest().trial().id()).isEqualTo(EIGHT);
  }

  @Test
  void latency_isToldInMilliseconds_andP99OnlyFromAThousandForwards() {
    List<TrialRound> rounds = List.of(round(SERIAL, 1, 100), round(TWO, 1, 150));
    List<ForwardLatency> latencies =
        List.of(
            new ForwardLatency(SERIAL, 999, 10_000, 11_000, 12_000, 13_000),
            new ForwardLatency(TWO, 1_000, 15_000, 16_000, 17_000, 18_000));
    List<TrialSummary> trials =
        Summaries.of(environment(SERIAL, TWO), rounds, latencies, 0).trials();
    assertThat(trials.get(0).latencyP50Ms()).isEqualTo(10.0);
    assertThat(trials.get(0).latencyP99Ms()).isNull();
    assertThat(trials.get(1).latencyP99Ms()).isEqualTo(18.0);
    assertThat(trials.get(1).latencyInflation()).isEqualTo(1.5);
  }

  @Test
  void commonThroughput_isEmptyWhereClocksWereNotCompared() {
    List<TrialRound> rounds =
        List.of(
            new TrialRound(SERIAL, 1, 1, 100, 1_000_000, 1_250_000L, 1),
            new TrialRound(TWO, 1, 2, 100, 1_000_000, null, 2));
    List<TrialSummary> trials =
        Summaries.of(environment(SERIAL, TWO), rounds, List.of(), 0).trials();
    assertThat(trials.get(0).throughputCommonFps()).isEqualTo(80.0);
    assertThat(trials.get(1).throughputCommonFps()).isNull();
  }

  @Test
  void trialThatWasNotMeasured_hasNoRow() {
    List<TrialRound> rounds = List.of(round(SERIAL, 1, 100));
    assertThat(Summaries.of(environment(SERIAL, TWO), rounds, List.of(), 0).trials()).hasSize(1);
  }

  @Test
  void missingBaseline_isToldByName() {
    List<TrialRound> rounds = List.of(round(TWO, 1, 100));
    assertThatThrownBy(() -> Summaries.of(environment(SERIAL, TWO), rounds, List.of(), 0))
        .hasMessageContaining(SERIAL);
  }

  private static TrialRound round(String trial, int round, long framesInASecond) {
    return new TrialRound(trial, round, 1, framesInASecond, 1_000_000, 1_000_000L, 1);
  }

  static Environment environment(String... trials) {
    return new Environment(
        "0",
        "4",
        "3",
        "DJL",
        "17",
        "Linux",
        "a CPU",
        4,
        0,
        "local[8]",
        8,
        "models/net",
        "abc",
        100,
        10_000_000,
        List.of(trials),
        3);
  }
}
