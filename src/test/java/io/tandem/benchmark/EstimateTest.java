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
  void round_isAsLongAsOnePassOfEachTrial_whereThatIsLongerThanTheLeastTime() {
    BenchmarkSettings settings =
        Tandem.settings(
                "benchmark.concurrency=[1,2,3]",
                "benchmark.min-seconds=1",
                "benchmark.warmup-seconds=0.5",
                "benchmark.warmup-batches=3",
                "benchmark.ceiling-seconds=0")
            .benchmark();
    Estimate estimate = new Estimate(settings, 400, 2);
    estimate.add(Device.Kind.CPU, Trials.FP32, 0.01);
    Plan plan = Plan.of(settings, List.of(Device.Kind.CPU), List.of(Trials.FP32), 2, 2);
    // 1 x 1: 4 s a pass; the others have two cores: 2 s. Warm-up 0.5, around 0.4.
    assertThat(estimate.round(plan)).isEqualTo(4 + 2 + 2 + 2 + 4 * 0.9, within(1e-9));
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
    Estimate estimate = new Estimate(settings, 100, 16);
    estimate.add(Device.Kind.GPU, Trials.FP32, 0.1);
    Plan plan = Plan.of(settings, List.of(Device.Kind.GPU), List.of(Trials.FP32), 16, 16);
    double one = 10 + 2 * 3 * 0.4 + 0.5 + 0.5 + 0.4;
    double four = 10 + 2 * 3 * 1.6 + 1.6 + 0.5 + 0.4;
    assertThat(estimate.round(plan)).isEqualTo(one + four, within(1e-9));
  }
}
