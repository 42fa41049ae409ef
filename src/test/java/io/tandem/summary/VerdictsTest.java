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
  private final List<Agreement> agreements = new ArrayList<>();

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

  /** Sets the share of a trial's results that agree with the baseline's. */
  private VerdictsTest agrees(String trial, double share) {
    agreements.add(new Agreement(trial, share, 0.1, 83));
    return this;
  }

  private VerdictsTest phase(String trial, String phase, double share) {
    phases.removeIf(p -> p.trial().equals(trial) && p.phase().equals(phase));
    phases.add(
        new PhaseSummary(trial, phase, 100, share, new PhaseSummary.Times(1_000, 10, 10, 10)));
    return this;
  }

  /** Puts all rounds under a CPU quota. */
  private VerdictsTest under(double cores, double throttled) {
    return disturbedBy(new Interference(0.01, 0.0, throttled, null, null, null, cores));
  }

  private VerdictsTest disturbedBy(Interference interference) {
    rounds.replaceAll(
        round ->
            new TrialRound(
                round.trial(),
                round.round(),
                round.work(),
                round.load(),
                round.ceilings(),
                new Conditions(1_000_000, Rounds.FRAMES, 0, 0.0, interference, 50L),
                round.placement()));
    return this;
  }

  private Verdict verdict() {
    Measured measured = new Measured(rounds, latencies, phases, agreements, List.of(), 0);
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
    assertThat(verdict.answer())
        .containsExactly(
            "Run 4 predictions at a time: 3.59 (3.57 to 3.60) times as fast as one at a time.",
            "The 4 cores are full (cpu load 0.98); 6 at a time are slower, and each call takes 70.0 instead of 44.0 ms.");
    assertThat(verdict.reasons())
        .containsExactly(
            "A million such frames take 0.77 hours with it (0.77 to 0.77).",
            "Next step: the batch size or another export of the model, or more cores.");
  }

  @Test
  void cpuQuota_isNamed_whereCoresSeemIdle() {
    VerdictsTest run =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-4x1-b4-fp32-executor", 150, 1.5, 70)
            .trial("cpu-6x1-b4-fp32-executor", 148, 1.5, 90);
    assertThat(run.verdict().limit()).isEqualTo(Limit.SOMETHING_ELSE);
    Verdict held = run.under(1.5, 0.97).verdict();
    assertThat(held.limit()).isEqualTo(Limit.CPU_QUOTA);
    assertThat(held.answer())
        .last()
        .isEqualTo(
            "The lanes are held back by a CPU quota of 1.5 cores, in 97 % of its periods (cpu load 0.38 of 4 cores).");
    assertThat(held.reasons())
        .last()
        .isEqualTo(
            "Next step: a larger CPU quota (cpu.max; in Kubernetes the pod's limit of cpu), or the batch size or another export of the model.");
    assertThat(run.under(1.5, 0.1).verdict().limit()).isEqualTo(Limit.SOMETHING_ELSE);
  }

  @Test
  void saturatedDevice_gainsLittle_whileEachCallGetsSlower() {
    Verdict verdict =
        trial("gpu-1x1-b4-fp32-executor", 1_000, 1, 4)
            .trial("gpu-2x1-b4-fp32-executor", 1_080, 2, 7.5)
            .trial("gpu-3x1-b4-fp32-executor", 1_110, 3, 10.8)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.DEVICE_SATURATED);
    // Two lanes have surely 97 % of what three have.
    assertThat(verdict.answer())
        .containsExactly(
            "Run 2 predictions at a time: 1.08 (1.08 to 1.08) times as fast as one at a time.",
            "The limit is the device, which one lane fills already; 3 at a time are hardly faster, and each call takes 10.8 instead of 7.5 ms.");
    assertThat(verdict.text())
        .endsWith("Next step: the batch size or another export of the model.");
  }

  @Test
  void deviceThatReportsItsLoad_isBelieved() {
    Verdict busy =
        trial("gpu-1x1-b4-fp32-executor", 1_000, 1, 0.7, 4)
            .trial("gpu-4x1-b4-fp32-executor", 1_500, 1, 0.97, 10)
            .verdict();
    assertThat(busy.limit()).isEqualTo(Limit.DEVICE_SATURATED);
    assertThat(busy.answer())
        .containsExactly(
            "Run 4 predictions at a time: 1.50 (1.50 to 1.50) times as fast as one at a time.",
            "The device is full (gpu load 0.97).");
    trials.clear();
    rounds.clear();
    Verdict idle =
        trial("gpu-1x1-b4-fp32-executor", 1_000, 1, 0.2, 4)
            .trial("gpu-4x1-b4-fp32-executor", 1_100, 1, 0.25, 4)
            .verdict();
    assertThat(idle.limit()).isEqualTo(Limit.NOTHING_YET);
    assertThat(idle.text())
        .contains("the device is not full (gpu load 0.25)")
        .endsWith("more lanes (benchmark.concurrency).");
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
        .contains(
            "A model loaded for each prediction has a speedup of 1.80, and one loaded once 3.59");
  }

  @Test
  void modelLoading_isTheLimit_whereNothingElseWasMeasured() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-prediction", 50, 1, 80)
            .trial("cpu-4x1-b4-fp32-prediction", 180, 3.9, 88)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.MODEL_LOADING);
    assertThat(verdict.text()).endsWith("Next step: the model scope, executor.");
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
        .endsWith("or where the frames are kept.");
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
  void moreThreadsThanCores_areTheAnswer_whereTheyAreFaster() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-1x4-b4-fp32-executor", 220, 3, 18)
            .trial("cpu-4x1-b4-fp32-executor", 300, 3.9, 50)
            .trial("cpu-6x1-b4-fp32-executor", 330, 4, 70)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.CORES_FULL);
    assertThat(verdict.answer())
        .containsExactly(
            "Run 6 predictions at a time: 3.29 (3.28 to 3.30) times as fast as one at a time.",
            "The 4 cores are full (cpu load 1.00).");
    assertThat(verdict.text()).doesNotContain("fewer", "benchmark.concurrency");
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
        .contains("Run 3 predictions at a time, on the GPU: 11.")
        .contains(
            "Its device alone, gpu instead of cpu, makes it faster: speedup 11.05 against 2.79.");
  }

  @Test
  void nothingYet_whereTheWidestTrialIsTheBest_andCoresAreLeft() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-2x1-b4-fp32-executor", 195, 2, 41)
            .verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.NOTHING_YET);
    assertThat(verdict.text())
        .contains("the cores are not full (cpu load 0.50)")
        .endsWith("Next step: more lanes (benchmark.concurrency).");
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
  void otherPrograms_whereTheyTakeTheRestOfTheCores() {
    trial("cpu-1x1-b4-fp32-executor", 100, 1, 40).trial("cpu-2x1-b4-fp32-executor", 100, 1.1, 80);
    disturbedBy(Rounds.interference(0.6, 0.1));
    Verdict verdict = verdict();
    assertThat(verdict.limit()).isEqualTo(Limit.OTHER_PROGRAMS);
    assertThat(verdict.text())
        .contains("other programs took 70 % of them (cpu load 0.25)")
        .endsWith("Next step: the same on a quiet machine.");
  }

  @Test
  void inconclusive_withoutSixRounds_orWithoutAValidRow() {
    trials.add("cpu-1x1-b4-fp32-executor");
    trials.add("cpu-2x1-b4-fp32-executor");
    rounds.add(Rounds.round("cpu-1x1-b4-fp32-executor", 1, 100));
    rounds.add(Rounds.round("cpu-2x1-b4-fp32-executor", 1, 180));
    assertThat(verdict().text())
        .startsWith(
            "Inconclusive: 1 of at least 6 rounds. So far: run 2 predictions at a time: 1.80");

    Conditions garbage =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0.4, Rounds.interference(0.0, 0.0), 0L);
    rounds.replaceAll(
        r -> Rounds.round(r.trial(), r.round(), r.work().frames(), null, null, garbage));
    assertThat(verdict().limit()).isEqualTo(Limit.TOO_LITTLE_TO_TELL);
    assertThat(verdict().text())
        .contains("no row is valid")
        .contains("garbage collection took 40.0 %");
  }

  @Test
  void exportAndBatchSize_areReportedWithTheirGains() {
    Verdict verdict =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-4x1-b4-fp32-executor", 360, 3.9, 44)
            .trial("cpu-4x1-b8-bf16-executor", 540, 3.9, 60)
            .trial("cpu-4x1-b4-bf16-executor", 600, 3.9, 27)
            .verdict();
    assertThat(verdict.text())
        .startsWith("Run 4 predictions at a time, in batches of 4, with the export bf16: 5.98 ")
        .contains("Speedups by export alone: bf16 5.98, fp32 3.59.")
        .contains(
            "Its batch size alone, 4 instead of 8, makes it faster: speedup 5.98 against 5.38.")
        .endsWith("Next step: a smaller model, or more cores.");
  }

  @Test
  void fasterExportWithOtherResults_isNotRecommended_butReportedWithItsPrice() {
    VerdictsTest measured =
        trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
            .trial("cpu-4x1-b4-fp32-executor", 360, 3.9, 44)
            .trial("cpu-4x1-b4-bf16-executor", 600, 3.9, 27)
            .trial("cpu-4x1-b4-int8-executor", 900, 3.9, 18);
    Verdict priced = measured.agrees("cpu-4x1-b4-int8-executor", 0.988).verdict();
    assertThat(priced.text())
        .startsWith("Run 4 predictions at a time, with the export bf16: 5.98 ")
        .contains("Speedups by export alone: bf16 5.98, fp32 3.59.")
        .contains(
            "The export int8 is 1.50 times as fast (1.50 to 1.50) as the recommended one (4 lanes with 1 thread each, batch 4, int8), and 1.2 % of its results differ from those of fp32 (83 frames compared): use it only if that is acceptable.");
    agreements.clear();
    assertThat(measured.agrees("cpu-4x1-b4-int8-executor", 1).verdict().text())
        .startsWith("Run 4 predictions at a time, with the export int8: 8.96 ")
        .doesNotContain("differ");
  }

  @Test
  void exportWithOtherResults_thatIsNoFaster_isNotMentioned() {
    assertThat(
            trial("cpu-1x1-b4-fp32-executor", 100, 1, 40)
                .trial("cpu-4x1-b4-fp32-executor", 360, 3.9, 44)
                .trial("cpu-4x1-b4-int8-executor", 300, 3.9, 50)
                .agrees("cpu-4x1-b4-int8-executor", 0.988)
                .verdict()
                .text())
        .startsWith("Run 4 predictions at a time, with the export fp32: 3.59 ")
        .doesNotContain("differ");
  }
}
