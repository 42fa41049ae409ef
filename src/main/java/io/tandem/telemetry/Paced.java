package io.tandem.telemetry;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A sensor that is read no oftener than it can be afforded: after a reading that took so much CPU
 * time, the next one waits until that is a small share of the time since. In between the last value
 * stands. A sensor that fails once is not asked again: it has no value.
 */
final class Paced<T> {
  /** At most this share of a core for one sensor. */
  static final double SHARE = 0.0003;

  /** A first reading loads classes, and says nothing of the next one's cost. */
  private static final long LONGEST_WAIT_NANOS = 5_000_000_000L;

  private final Sensor<T> sensor;
  private final LongSupplier cpuNanos;
  private @Nullable T last;
  private long due = Long.MIN_VALUE;
  private boolean broken;

  /** Something that can be read; null where this machine does not tell. */
  interface Sensor<T> {
    @Nullable T read();
  }

  /**
   * @param cpuNanos the CPU time of the calling thread so far
   */
  Paced(Sensor<T> sensor, LongSupplier cpuNanos) {
    this.sensor = sensor;
    this.cpuNanos = cpuNanos;
  }

  @Nullable T at(long nanoTime) {
    if (broken || nanoTime < due) {
      return last;
    }
    long before = cpuNanos.getAsLong();
    try {
      last = sensor.read();
    } catch (RuntimeException | LinkageError e) {
      broken = true;
      last = null;
    }
    long cost = cpuNanos.getAsLong() - before;
    due = nanoTime + Math.min(LONGEST_WAIT_NANOS, (long) (cost / SHARE));
    return last;
  }
}
