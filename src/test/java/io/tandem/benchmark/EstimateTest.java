package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Tandem;
import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.Device;
import io.tandem.trial.Plan;
import io.tandem.trial.Trials;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EstimateTest {
  @Test
  void seconds_areAsLongAsOnePassOfEachTrial_whereThatIsLongerThanTheLeastTime() {
    BenchmarkSettings settings =
        Tandem.settings(
                "benchmark.concurrency=[1,2,3]",
                "benchmark.min-seconds=1",
                "benchmark.warmup-seconds=0.5",
                "benchmark.warmup-batches=3",
                "benchmark.ceiling-seconds=0")
            .benchmark();
    Estimate estimate = new Estimate(settings, 2);
    estimate.add(Device.Kind.CPU, Trials.FP32, 0.01);
    Plan plan = Plan.of(settings, List.of(Device.Kind.CPU), List.of(Trials.FP32), 2, 2);
    // 1 x 1: 4 s a pass; the others have two cores: 2 s. Warm-up 0.5, around 0.4.
    double round = 4 + 2 + 2 + 2 + 4 * 0.9;
    assertThat(estimate.seconds(plan, 400, 1)).isEqualTo(round, within(1e-9));
    assertThat(estimate.seconds(plan, 400, 6)).isEqualTo(6 * round, within(1e-9));
  }

  @Test
  void frames_fitTheTime_butEachLaneHasABatch() {
    BenchmarkSettings settings =
        Tandem.settings(
                "benchmark.concurrency=[1,2,3]",
                "benchmark.min-seconds=1",
                "benchmark.ceiling-seconds=0")
            .benchmark();
    Plan plan = Plan.of(settings, List.of(Device.Kind.CPU), List.of(Trials.FP32), 2, 2);
    Estimate fast = new Estimate(settings, 2);
    fast.add(Device.Kind.CPU, Trials.FP32, 0.01);
    assertThat(fast.frames(plan, 100, 6, 120)).isEqualTo(100);
    int fits = fast.frames(plan, 100_000, 6, 120);
    assertThat(fits).isBetween(500, 1_000);
    assertThat(fast.seconds(plan, fits, 6)).isLessThanOrEqualTo(120);
    assertThat(fast.seconds(plan, fits + 1, 6)).isGreaterThan(120);
    Estimate slow = new Estimate(settings, 2);
    slow.add(Device.Kind.CPU, Trials.FP32, 5);
    assertThat(slow.frames(plan, 100_000, 6, 120)).isEqualTo(12);
    assertThat(slow.frames(plan, 10, 6, 120)).isEqualTo(10);
  }

  @Test
  void lanesOnOneGpu_takeTurns() {
    BenchmarkSettings settings =
        Tandem.settings(
                "benchmark.concurrency=[4]",
                "benchmark.min-seconds=0",
                "benchmark.warmup-seconds=0",
                "benchmark.ceiling-seconds=0.5")
            .benchmark();
    Estimate estimate = new Estimate(settings, 16);
    estimate.add(Device.Kind.GPU, Trials.FP32, 0.1);
    Plan plan = Plan.of(settings, List.of(Device.Kind.GPU), List.of(Trials.FP32), 16, 16);
    double one = 10 + (3 + 1) * 0.4 + 0.5 + 0.5 + 0.4;
    double four = 10 + (3 + 1) * 1.6 + 1.6 + 0.5 + 0.4;
    assertThat(estimate.seconds(plan, 100, 1)).isEqualTo(one + four, within(1e-9));
    // After the first round the model is warm, after the third there are no ceilings.
    double later = one + four - 2 * (0.4 + 1.6);
    double last = later - (0.4 + 0.5 + 0.5) - (1.6 + 1.6 + 0.5);
    assertThat(estimate.seconds(plan, 100, 5) - estimate.seconds(plan, 100, 4))
        .isEqualTo(last, within(1e-9));
  }
}
