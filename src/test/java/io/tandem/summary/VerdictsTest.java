package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** One test for each rule of the verdict, on a machine with four cores. */
final class VerdictsTest {
  private final List<String> trials = new ArrayList<>();
  private final List<TrialRound> rounds = new ArrayList<>();
  private final List<PhaseSummary> phases = new ArrayList<>();
  private final List<Latency> latencies = new ArrayList<>();

  /** Six rounds of about this throughput, in frames/s. */
  private VerdictsTest trial(String id, long fps, double busyCores, double latencyMs) {
    return trial(id, fps, busyCores, null, latencyMs);
  }

  private VerdictsTest trial(
      String id, long fps, double busyCores, @Nullable Double gpuLoad, double latencyMs) {
    trials.add(id);
    for (int round = 1; round <= 6; round++) {
      rounds.add(
          new TrialRound(
              id,
              round,
              new TrialRound.Work(1, fps + round % 2, 1_000_000, 1_000_000L),
              new TrialRound.Load(busyCores, gpuLoad),
              TrialRound.Ceilings.NOT_MEASURED,
              Rounds.UNDISTURBED,
              Rounds.HERE));
    }
    double us = latencyMs * 1e3;
    latencies.add(
        new Latency(id, Latency.FORWARD, 500, new Latency.Distribution(us, us, us, us, us, us)));
    return phase(id, "forward", 0.8).phase(id, "decode", 0.15);
  }

  private VerdictsTest phase(String trial, String phase, double share) {
    phases.removeIf(p -> p.trial().equals(trial) && p.phase().equals(phase));
    phases.add(
        new PhaseSummary(trial, phase, 100, share, new PhaseSummary.Times(1_000, 10, 10, 10)));
    return this;
  }

  private Verdict verdict() {
    Measured measured = new Measured(rounds, latencies, phases, List.of(), List.of(), 0);
    return Rounds.summary(measured, trials.toArray(String[]::new)).verdict();
  }

  @Test
  void cpuCores_scaleUntilTheyAreFull() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-1x4-b4-fp32-executor", 220, 3, 18)
            .trial("cpu-2x1-b4-fp32-executor", 190, 2, 41)
            .trial("cpu-4x1-b4-fp32-executor", 360, 3.9, 44)
            .trial("cpu-6x1-b4-fp32-executor", 330, 4, 70)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.CORES_FULL);
    assertThat(verdict.text())
        .contains("Best: 4 lanes with 1 thread each, batch 4, fp32: 3.59 (3.57 to 3.60) times")
        .contains("times as fast as the serial baseline, 1.63 times the all-core baseline.")
        .contains("Its limit is the 4 cores, which are full: 98 % busy, each lane at 90 %")
        .contains("6 lanes are more than the cores: 0.92 times as fast as the best (slower)")
        .contains("each call takes 1.8 times as long as with one.")
        .endsWith("Next step: the precision or the batch size, or more cores.");
  }

  @Test
  void saturatedDevice_gainsLittle_whileEachCallGetsSlower() {
    Verdict verdict =
        trial("gpu-1x1-b4-fp32-executor", 1_000, 1, 4)
            .trial("gpu-2x1-b4-fp32-executor", 1_080, 2, 7.5)
            .trial("gpu-3x1-b4-fp32-executor", 1_110, 3, 10.8)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.DEVICE_SATURATED);
    assertThat(verdict.text())
        .contains("the device, which one lane saturates already: 3 lanes on it gain 1.11 times")
        .contains("while each call takes 2.7 times as long")
        .contains("the batch size or the precision; not the lanes.");
  }

  @Test
  void deviceThatReportsItsLoad_isBelieved() {
    Verdict busy =
        trial("gpu-1x1-b4-fp32-executor", 1_000, 1, 0.7, 4)
            .trial("gpu-4x1-b4-fp32-executor", 1_500, 1, 0.97, 10)
            .verdict();
    assertThat(busy.limit()).isEqualTo(Limit.DEVICE_SATURATED);
    assertThat(busy.text())
        .contains("fp32: 1.50 (1.50 to 1.50) times as fast as the serial baseline.")
        .contains("the device, which is 97 % busy: 4 lanes on it gain 1.50 times");
    trials.clear();
    rounds.clear();
    Verdict idle =
        trial("gpu-1x1-b4-fp32-executor", 1_000, 1, 0.2, 4)
            .trial("gpu-4x1-b4-fp32-executor", 1_100, 1, 0.25, 4)
            .verdict();
    assertThat(idle.limit()).isEqualTo(Limit.NOTHING_YET);
    assertThat(idle.text())
        .contains("the device is only 25 % busy")
        .endsWith("more lanes (benchmark.concurrency): 4.00 times as fast at most.");
  }

  @Test
  void decodeThreads_areTheLimit_whereLanesWaitForThem() {
    trial("gpu-1x1-b4-fp32-executor", 100, 1, 0.1, 4)
        .trial("gpu-2x1-b4-fp32-executor", 190, 2, 0.2, 4)
        .phase("gpu-2x1-b4-fp32-executor", "lane_wait", 0.9)
        .phase("gpu-2x1-b4-fp32-executor", "decode", 0.95)
        .phase("gpu-2x1-b4-fp32-executor", "read", 0.1);
    Measured measured = new Measured(rounds, latencies, phases, List.of(), List.of(), 0);
    Verdict verdict =
        Summaries.of(
                Rounds.environment(2, 4), Trials.planned(trials.toArray(String[]::new)), measured)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.DECODING);
    assertThat(verdict.text()).contains("lanes wait for their decode threads 90 % of the time");
  }

  @Test
  void reloadedModel_loses() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-4x1-b4-fp32-executor", 360, 3.9, 44)
            .trial("cpu-4x1-b4-fp32-prediction", 180, 3.9, 88)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.CORES_FULL);
    assertThat(verdict.text())
        .contains("A model loaded for each prediction reaches 0.50 of the frames/s")
        .contains("avoid it.");
  }

  @Test
  void modelLoading_isTheLimit_whereNothingElseWasMeasured() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-prediction", 50, 1, 80)
            .trial("cpu-4x1-b4-fp32-prediction", 180, 3.9, 88)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.MODEL_LOADING);
    assertThat(verdict.text()).endsWith("Next step: the model scope, to executor.");
  }

  @Test
  void reading_isTheLimit_whereLanesWaitForFiles() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 60, 0.3, 40)
            .trial("cpu-4x1-b4-fp32-executor", 240, 1, 41)
            .phase("cpu-4x1-b4-fp32-executor", "lane_wait", 0.7)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.READING);
    assertThat(verdict.text())
        .contains("lanes wait for their files 70 % of the time")
        .endsWith("or where the frames are kept: 3.33 times as fast at most.");
  }

  @Test
  void decoding_isTheLimit_whereItTakesLongerThanTheForwardPass() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 300, 1, 4)
            .trial("cpu-4x1-b4-fp32-executor", 1_100, 3.9, 4.4)
            .phase("cpu-4x1-b4-fp32-executor", "decode", 0.7)
            .phase("cpu-4x1-b4-fp32-executor", "forward", 0.25)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.DECODING);
    assertThat(verdict.text())
        .contains("it takes 70 % of the lanes' time, the forward pass 25 %.")
        .contains("lane.decode-threads");
  }

  @Test
  void oversubscribed_whereTheBestHasMoreThreadsThanCores() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-1x4-b4-fp32-executor", 220, 3, 18)
            .trial("cpu-6x1-b4-fp32-executor", 330, 4, 70)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.OVERSUBSCRIBED);
    assertThat(verdict.text())
        .contains("Its 6 threads are more than the 4 cores")
        .endsWith("Next step: fewer lanes or threads, 4 in all (benchmark.concurrency).");
  }

  @Test
  void devices_areHeldAgainstEachOther() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-1x4-b4-fp32-executor", 220, 3, 18)
            .trial("gpu-1x1-b4-fp32-executor", 1_000, 1, 4)
            .trial("gpu-3x1-b4-fp32-executor", 1_110, 3, 10.8)
            .trial("cpu-3x1-b4-fp32-executor", 280, 3, 42)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.DEVICE_SATURATED);
    assertThat(verdict.text())
        .contains("Best: 3 lanes with 1 thread each, batch 4, fp32, on the GPU: 11.")
        .contains("Its device alone, gpu instead of cpu, makes it 3.96 times as fast.");
  }

  @Test
  void nothingYet_whereTheWidestTrialIsTheBest_andCoresAreLeft() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-2x1-b4-fp32-executor", 195, 2, 41)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.NOTHING_YET);
    assertThat(verdict.text())
        .contains("the cores are only 50 % busy")
        .endsWith("Next step: more lanes (benchmark.concurrency): 2.00 times as fast at most.");
  }

  @Test
  void somethingElse_whereCoresAreLeft_andMoreLanesDoNotUseThem() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-2x1-b4-fp32-executor", 190, 1.9, 41)
            .trial("cpu-4x1-b4-fp32-executor", 150, 2.2, 100)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.SOMETHING_ELSE);
  }

  @Test
  void inconclusive_withoutSixRounds_orWithoutAValidRow() {
    trials.add("cpu-1x1-b4-fp32-executor");
    trials.add("cpu-2x1-b4-fp32-executor");
    rounds.add(Rounds.round("cpu-1x1-b4-fp32-executor", 1, 100));
    rounds.add(Rounds.round("cpu-2x1-b4-fp32-executor", 1, 180));
    assertThat(verdict().text())
        .startsWith("Inconclusive: 1 of at least 6 rounds. Preliminary best: 2 lanes");

    Conditions foreign = new Conditions(1_000_000, Rounds.FRAMES, 0, 0, 0.4, 0.0, 0L);
    rounds.replaceAll(
        r -> Rounds.round(r.trial(), r.round(), r.work().frames(), null, null, foreign));
    assertThat(verdict().limit()).isEqualTo(Limit.TOO_LITTLE_TO_TELL);
    assertThat(verdict().text()).contains("no row is valid").contains("other programs used 40.0 %");
  }

  @Test
  void precisionAndBatchSize_areReportedWithTheirGains() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-4x1-b4-fp32-executor", 360, 3.9, 44)
            .trial("cpu-4x1-b8-bf16-executor", 540, 3.9, 60)
            .trial("cpu-4x1-b4-bf16-executor", 600, 3.9, 27)
            .verdict();
    assertThat(verdict.text())
        .contains("Its precision alone, bf16 instead of fp32, makes it 1.67 times as fast.")
        .contains("Its batch size alone, 4 instead of 8, makes it 1.11 times as fast.")
        .endsWith("Next step: a smaller model, or more cores.");
  }
}
