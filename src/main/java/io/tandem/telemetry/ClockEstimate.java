package io.tandem.telemetry;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Estimates a clock's offset from round trips: the other side's answer was read somewhere between
 * question and answer, so their middle is off by half the round trip at most (Cristian, 1989). Of
 * the latest round trips the one with the smallest bound counts; with its age the bound grows, for
 * clocks drift apart.
 */
final class ClockEstimate {
  private static final int KEPT = 32;

  /** Quartz clocks of computers stay within this: 50 microseconds a second. */
  private static final double DRIFT = 50e-6;

  private record RoundTrip(long middleUs, long offsetUs, long boundUs) {
    long boundAt(long nowUs) {
      return boundUs + (long) Math.ceil(Math.abs(nowUs - middleUs) * DRIFT);
    }
  }

  private final Deque<RoundTrip> latest = new ArrayDeque<>();

  /**
   * @param askedUs when the question was sent, by this clock
   * @param otherUs what the other clock showed
   * @param answeredUs when the answer was here, by this clock
   */
  synchronized void add(long askedUs, long otherUs, long answeredUs) {
    long middle = askedUs + (answeredUs - askedUs) / 2;
    if (latest.size() == KEPT) {
      latest.removeFirst();
    }
    latest.addLast(new RoundTrip(middle, middle - otherUs, (answeredUs - askedUs + 1) / 2));
  }

  /** What this clock shows more than the other; null before the first round trip. */
  synchronized @Nullable ClockOffset at(long nowUs) {
    ClockOffset best = null;
    for (RoundTrip trip : latest) {
      long bound = trip.boundAt(nowUs);
      if (best == null || bound < best.boundUs()) {
        best = new ClockOffset(trip.offsetUs, bound);
      }
    }
    return best;
  }
}
