package io.tandem.telemetry;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the offset between two clocks from round trips (Cristian, 1989). The remote clock was
 * read between request and response, so the error of their midpoint is at most half the round trip.
 * The estimate uses the recent round trip with the smallest error bound; the bound grows with age
 * to allow for drift.
 */
final class ClockEstimate {
  private static final int KEPT = 32;

  /** Assumed maximum drift of a computer's quartz clock: 50 microseconds per second. */
  private static final double DRIFT = 50e-6;

  private record RoundTrip(long middleUs, long offsetUs, long boundUs) {
    long boundAt(long nowUs) {
      return boundUs + (long) Math.ceil(Math.abs(nowUs - middleUs) * DRIFT);
    }
  }

  private final Deque<RoundTrip> latest = new ArrayDeque<>();

  /**
   * Adds a round trip. All times are epoch microseconds.
   *
   * @param askedUs local time at which the request was sent
   * @param otherUs remote time in the response
   * @param answeredUs local time at which the response arrived
   */
  synchronized void add(long askedUs, long otherUs, long answeredUs) {
    long middle = askedUs + (answeredUs - askedUs) / 2;
    if (latest.size() == KEPT) {
      latest.removeFirst();
    }
    latest.addLast(new RoundTrip(middle, middle - otherUs, (answeredUs - askedUs + 1) / 2));
  }

  /** Returns the local time minus the remote time; null before the first round trip. */
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
