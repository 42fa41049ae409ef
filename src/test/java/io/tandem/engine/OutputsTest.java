package io.tandem.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class OutputsTest {
  @Test
  void difference_isRelativeToTheLargestOfBoth_whicheverComesFirst() {
    // 2 - -1 = 3 of 4.
    Outputs one = outputs(0, 0, 2, 4);
    Outputs other = outputs(2, 1, -1, 4);
    assertThat(one.difference(1, other, 1)).isEqualTo(0.75);
    assertThat(other.difference(1, one, 1)).isEqualTo(0.75);
    assertThat(one.difference(0, other, 0)).isEqualTo(1);
    assertThat(other.difference(0, one, 0)).isEqualTo(1);
    assertThat(one.difference(0, one, 0)).isZero();
    assertThat(outputs(1, 1, -2, 2).difference(1, outputs(1, 1, 2, -2), 1)).isEqualTo(2);
  }

  @Test
  void difference_isInfiniteIfOneValueIsNotFinite() {
    Outputs one = outputs(1, 2, 3, Float.NaN);
    assertThat(one.difference(1, outputs(1, 2, 3, 4), 1)).isInfinite();
    assertThat(one.difference(1, one, 1)).isZero();
  }

  private static Outputs outputs(float... values) {
    return new Outputs(2, Map.of("x", new Outputs.Tensor(values, 2, values.length / 2)));
  }
}
