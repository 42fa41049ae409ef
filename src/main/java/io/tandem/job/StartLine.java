package io.tandem.job;

import io.tandem.timing.EpochClock;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.BarrierTaskContext;

/**
 * Lets all lanes of a barrier stage start at the same moment. Spark's barrier alone does not: a
 * task that waits in it looks up only once a second, so the last lane to come is off up to a second
 * before the others. Here every lane says what time it is when it comes, and all start at the
 * latest of these times plus more than that second.
 */
final class StartLine {
  /** Longer than the second that Spark's barrier sleeps, and than its answer's way. */
  private static final long LEAD_MICROS = 1_100_000;

  /** The last stretch is not slept: a sleeping thread wakes up late. */
  private static final long SPIN_NANOS = 1_000_000;

  private StartLine() {}

  /** Returns when it is time to start. */
  static void await(BarrierTaskContext task) {
    EpochClock clock = EpochClock.ofThisJvm();
    String[] arrivals = task.allGather(Long.toString(clock.micros(System.nanoTime())));
    long start = Arrays.stream(arrivals).mapToLong(Long::parseLong).max().orElseThrow();
    long left = start + LEAD_MICROS - clock.micros(System.nanoTime());
    long startNanos = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(left);
    for (long now = System.nanoTime(); now < startNanos; now = System.nanoTime()) {
      if (startNanos - now > SPIN_NANOS) {
        LockSupport.parkNanos(startNanos - now - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
