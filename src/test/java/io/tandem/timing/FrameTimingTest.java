package io.tandem.timing;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class FrameTimingTest {
  private static final EpochClock CLOCK = new EpochClock(1_000_000_000L, 5_000L);

  @Test
  void moments_becomeOffsetsAndDurations() {
    FrameTiming.Moments m = new FrameTiming.Moments();
    m.readFrom = 5_000 + 10_000;
    m.readTo = m.readFrom + 2_000;
    m.decodeFrom = m.readTo + 1_000;
    m.decodeTo = m.decodeFrom + 4_000;
    m.forwardFrom = m.decodeTo + 3_000;
    m.forwardTo = m.forwardFrom + 50_000;
    m.outputFrom = m.forwardTo;
    m.outputTo = m.outputFrom + 7_000;
    assertThat(m.on(CLOCK))
        .isEqualTo(new FrameTiming(1_000_000_010L, 0, 2, 3, 4, 3, 10, 50, 60, 7));
  }

  @Test
  void phases_neverOverlapByRounding() {
    FrameTiming.Moments one = new FrameTiming.Moments();
    one.readFrom = 15_001;
    one.readTo = 15_999;
    one.decodeFrom = 16_999;
    one.decodeTo = 18_001;
    FrameTiming.Moments next = new FrameTiming.Moments();
    next.readFrom = 16_002;
    next.readTo = 17_990;
    next.decodeFrom = 18_002;
    next.decodeTo = 19_000;
    FrameTiming first = one.on(CLOCK);
    FrameTiming second = next.on(CLOCK);
    assertThat(second.startedUs() + second.decodeAtUs())
        .isEqualTo(first.startedUs() + first.decodeAtUs() + first.decodeUs());
  }

  @Test
  void phaseThatWasNotReached_isZeroLong() {
    FrameTiming.Moments m = new FrameTiming.Moments();
    m.readFrom = 15_000;
    m.readTo = 17_000;
    m.decodeFrom = 17_000;
    assertThat(m.on(CLOCK)).isEqualTo(new FrameTiming(1_000_000_010L, 0, 2, 2, 0, 0, 0, 0, 0, 0));
  }

  @Test
  void clock_countsBackwardsToo() {
    assertThat(CLOCK.micros(4_000)).isEqualTo(999_999_999L);
  }
}
