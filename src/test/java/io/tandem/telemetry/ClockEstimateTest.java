package io.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class ClockEstimateTest {
  /** This clock shows so much more than the other. */
  private static final long TRUE_OFFSET = 12_345_678;

  @RepeatedTest(20)
  void bound_holdsTheTrueOffset_howeverTheRoundTripIsSplit() {
    Random random = new Random();
    ClockEstimate estimate = new ClockEstimate();
    long now = 1_000_000_000;
    for (int i = 0; i < 50; i++) {
      long there = random.nextInt(3_000);
      long back = random.nextInt(3_000);
      estimate.add(now, now + there - TRUE_OFFSET, now + there + back);
      now += 10_000;
    }
    ClockOffset offset = Objects.requireNonNull(estimate.at(now));
    assertThat(Math.abs(offset.offsetUs() - TRUE_OFFSET)).isLessThanOrEqualTo(offset.boundUs());
  }

  @Test
  void shortestRoundTrip_counts() {
    ClockEstimate estimate = new ClockEstimate();
    estimate.add(0, 5_000 - TRUE_OFFSET, 10_000);
    estimate.add(20_000, 20_050 - TRUE_OFFSET, 20_100);
    estimate.add(40_000, 44_000 - TRUE_OFFSET, 45_000);
    assertThat(estimate.at(40_000)).isEqualTo(new ClockOffset(TRUE_OFFSET, 51));
  }

  @Test
  void boundGrowsWithAge_untilALaterRoundTripIsBetter() {
    ClockEstimate estimate = new ClockEstimate();
    estimate.add(0, 50 - TRUE_OFFSET, 100);
    long hour = 3_600_000_000L;
    assertThat(Objects.requireNonNull(estimate.at(hour)).boundUs()).isEqualTo(180_050);
    estimate.add(hour, hour + 500 - TRUE_OFFSET - 777, hour + 1_000);
    assertThat(estimate.at(hour + 500)).isEqualTo(new ClockOffset(TRUE_OFFSET + 777, 500));
  }

  @Test
  void nothingIsKnown_beforeTheFirstRoundTrip() {
    assertThat(new ClockEstimate().at(0)).isNull();
  }
}
