package io.tandem.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Tandem;
import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.Device;
import io.tandem.conf.Export;
import io.tandem.conf.ModelScope;
import io.tandem.trial.Trial.Role;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlanTest {
  private static final List<Device.Kind> CPU = List.of(Device.Kind.CPU);
  private static final List<Device.Kind> GPU = List.of(Device.Kind.GPU);
  private static final List<Export> FP32 = List.of(Trials.FP32);

  @ParameterizedTest
  @CsvSource({
    "1, '1, 2'",
    "2, '1, 2, 3'",
    "3, '1, 2, 3, 4'",
    "4, '1, 2, 3, 4, 6'",
    "6, '1, 2, 3, 4, 6, 8'",
    "8, '1, 2, 3, 4, 6, 8, 12'",
    "10, '1, 2, 3, 4, 6, 8, 10, 12'",
    "16, '1, 2, 3, 4, 6, 8, 12, 16, 24'",
  })
  void concurrencies_goUpToTheCoresAndOneAbove(int cores, String expected) {
    assertThat(Plan.concurrencies(settings(), cores).toString()).isEqualTo("[" + expected + "]");
  }

  @Test
  void plan_startsWithBothBaselines_andHoldsEachTrialOnce() {
    Plan plan = Plan.of(settings(), CPU, FP32, 2);
    assertThat(plan.trials())
        .extracting(Trial::id)
        .containsExactly(
            "cpu-1x1-b4-fp32-executor",
            "cpu-1x2-b4-fp32-executor",
            "cpu-2x1-b4-fp32-executor",
            "cpu-3x1-b4-fp32-executor");
  }

  @Test
  void plan_onOneCore_hasOneBaseline() {
    Plan plan = Plan.of(settings(), CPU, FP32, 1);
    assertThat(plan.trials())
        .extracting(Trial::id)
        .containsExactly("cpu-1x1-b4-fp32-executor", "cpu-2x1-b4-fp32-executor");
  }

  @Test
  void plan_crossesItsLists() {
    BenchmarkSettings settings =
        settings(
            "benchmark.concurrency=[1,2]",
            "benchmark.batch-sizes=[8,1]",
            "benchmark.model-scopes=[executor,prediction]");
    Plan plan = Plan.of(settings, CPU, List.of(Trials.FP32, Trials.export("bf16")), 2);
    assertThat(plan.trials()).hasSize(1 + 2 * 2 * 2 * 2).doesNotHaveDuplicates();
    assertThat(plan.trials())
        .contains(
            Trial.of(
                Trials.config(1, 1, Trials.export("bf16"), ModelScope.PREDICTION),
                2,
                Role.VARIANT));
    assertThat(plan.trials().get(0).id()).isEqualTo("cpu-1x1-b8-fp32-executor");
  }

  @Test
  void devices_areADimension_andTheFirstOneHasTheBaseline() {
    BenchmarkSettings settings = settings("benchmark.concurrency=[1,3]");
    assertThat(Plan.of(settings, List.of(Device.Kind.GPU, Device.Kind.CPU), FP32, 2).trials())
        .extracting(Trial::id)
        .containsExactly(
            "gpu-1x1-b4-fp32-executor",
            "cpu-1x2-b4-fp32-executor",
            "gpu-3x1-b4-fp32-executor",
            "cpu-1x1-b4-fp32-executor",
            "cpu-3x1-b4-fp32-executor");
    Plan onlyGpu = Plan.of(settings, GPU, FP32, 2);
    assertThat(onlyGpu.trials()).hasSize(2);
    assertThat(onlyGpu.baselines()).hasSize(1);
    assertThat(onlyGpu.oversubscribed(2)).isEmpty();
  }

  @Test
  void order_isRandomInEachRound_andTheSameForTheSameSeed() {
    Plan plan = Plan.of(settings(), CPU, FP32, 16);
    assertThat(plan.order(1)).containsExactlyInAnyOrderElementsOf(plan.trials());
    assertThat(plan.order(1)).isNotEqualTo(plan.trials()).isNotEqualTo(plan.order(2));
    assertThat(plan.order(1)).isEqualTo(plan.order(1));
    Plan other = Plan.of(settings("benchmark.seed=5"), CPU, FP32, 16);
    assertThat(other.order(1)).isNotEqualTo(plan.order(1));
  }

  @Test
  void repeat_isOneMoreTrial_ofTheSerialBaseline() {
    Plan plan = Plan.of(settings("benchmark.aa-repeat=true"), CPU, FP32, 1);
    Trial again = plan.trials().get(plan.trials().size() - 1);
    assertThat(again.id()).isEqualTo("cpu-1x1-b4-fp32-executor-repeat");
    assertThat(again.series()).isEqualTo(plan.trials().get(0).series());
    assertThat(again.lane()).isEqualTo(plan.trials().get(0).lane());
    assertThat(again.isRepeat()).isTrue();
    assertThat(plan.baselines()).hasSize(1);
  }

  @Test
  void only_keepsTheBaselines() {
    Plan plan = Plan.of(settings(), CPU, FP32, 2);
    Trial three = plan.trials().get(3);
    assertThat(plan.only(Set.of(three)).trials())
        .containsExactly(plan.trials().get(0), plan.trials().get(1), three);
  }

  @Test
  void within_leavesOutWhatNeedsMoreSlots_andOversubscribedNamesWhatNeedsMoreCores() {
    Plan plan = Plan.of(settings("benchmark.concurrency=[2,8]"), CPU, FP32, 4);
    assertThat(plan.within(trial -> 4).trials())
        .extracting(Trial::concurrency)
        .containsExactly(1, 1, 2);
    assertThat(plan.oversubscribed(4)).extracting(Trial::concurrency).containsExactly(8);
  }

  @Test
  void senselessCombinations_areLeftOutByName() {
    BenchmarkSettings settings =
        settings("benchmark.concurrency=[2,3]", "benchmark.intra-op-threads=[1,2,4]");
    Plan plan = Plan.of(settings, CPU, FP32, 2);
    assertThat(plan.leftOut())
        .extracting(left -> left.trial().id() + ": " + left.why())
        .containsExactly(
            "cpu-3x2-b4-fp32-executor: 6 threads are more than twice the 2 cores",
            "cpu-2x4-b4-fp32-executor: one prediction has more threads than the 2 cores",
            "cpu-3x4-b4-fp32-executor: one prediction has more threads than the 2 cores");
    assertThat(Plan.of(settings, GPU, FP32, 2).leftOut())
        .allMatch(left -> left.why().equals("threads inside a prediction are the CPU's"));
  }

  private static BenchmarkSettings settings(String... pairs) {
    return Tandem.settings(pairs).benchmark();
  }

  @Test
  void externalTrial_isNeverABaseline_andHasItsNameForAnId() {
    Trial like = Trials.on(Device.Kind.CPU, 1, 2);
    Plan ours = Plan.of(settings(), GPU, FP32, 2);
    Plan plan = ours.with(List.of(like.by("somebody", Trials.THEIRS)));
    Trial last = plan.trials().get(plan.trials().size() - 1);
    assertThat(last.id()).isEqualTo("somebody");
    assertThat(last.series()).isEqualTo("somebody");
    assertThat(last.lane()).isEqualTo(like.lane());
    assertThat(last.isExternal()).isTrue();
    assertThat(plan.baselines()).isEqualTo(ours.baselines());
    assertThat(plan.order(1)).contains(last);
  }
}
