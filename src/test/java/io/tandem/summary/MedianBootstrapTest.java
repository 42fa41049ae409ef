package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class MedianBootstrapTest {
  private static final double[] VALUES = {1.7, 1.82, 1.79, 1.9, 1.81, 1.84};

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 6, 7, 10, 16})
  void interval_isThatOfResamplesDrawnOneByOne(int n) {
    SplittableRandom random = new SplittableRandom(7);
    double[] values = random.doubles(n, 1, 2).toArray();
    List<Double> medians = new ArrayList<>();
    SplittableRandom draws = new SplittableRandom(42);
    for (int i = 0; i < MedianBootstrap.RESAMPLES; i++) {
      // Ranks are drawn, not places: resample the sorted values.
      double[] sorted = values.clone();
      Arrays.sort(sorted);
      double[] resample = new double[n];
      for (int j = 0; j < n; j++) {
        resample[j] = sorted[draws.nextInt(n)];
      }
      medians.add(new Median().evaluate(resample));
    }
    Interval interval = MedianBootstrap.interval(values, 0.95, 42);
    assertThat(interval.low()).isEqualTo(midPercentile(medians, 0.025), within(1e-9));
    assertThat(interval.high()).isEqualTo(midPercentile(medians, 0.975), within(1e-9));
  }

  /** Linear between the values, each at the share below it and half the share that is equal. */
  private static double midPercentile(List<Double> medians, double p) {
    double[] distinct =
        medians.stream().mapToDouble(Double::doubleValue).sorted().distinct().toArray();
    double lastAt = 0;
    for (int i = 0; i < distinct.length; i++) {
      double value = distinct[i];
      long below = medians.stream().filter(m -> m < value).count();
      long equal = medians.stream().filter(m -> m == value).count();
      double at = (below + equal / 2.0) / medians.size();
      if (at >= p) {
        return i == 0
            ? value
            : distinct[i - 1] + (p - lastAt) / (at - lastAt) * (value - distinct[i - 1]);
      }
      lastAt = at;
    }
    return distinct[distinct.length - 1];
  }

  @Test
  void interval_isTheSameForTheSameSeed_andForValuesInAnotherOrder() {
    double[] turned = {1.84, 1.81, 1.9, 1.79, 1.82, 1.7};
    assertThat(MedianBootstrap.interval(VALUES, 0.95, 1))
        .isEqualTo(MedianBootstrap.interval(turned, 0.95, 1));
  }

  @Test
  void interval_growsWithItsLevel_andNeverLeavesTheValues() {
    Interval narrow = MedianBootstrap.interval(VALUES, 0.8, 1);
    Interval wide = MedianBootstrap.interval(VALUES, 0.99, 1);
    assertThat(wide.low()).isLessThan(narrow.low()).isGreaterThanOrEqualTo(1.7);
    assertThat(wide.high()).isGreaterThan(narrow.high()).isLessThanOrEqualTo(1.9);
    assertThat(narrow.holds(new Median().evaluate(VALUES))).isTrue();
  }

  @Test
  void interval_ofEqualValues_isThatValue() {
    assertThat(MedianBootstrap.interval(new double[] {2, 2, 2, 2, 2, 2}, 0.95, 1))
        .isEqualTo(new Interval(2, 2));
  }
}
