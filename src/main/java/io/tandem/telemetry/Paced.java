package io.tandem.telemetry;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a sensor at a rate that limits its CPU cost: the next reading waits until the cost of the
 * last one is a small share of the elapsed time. Until then the last value is returned. A sensor
 * that fails is not read again and has no value.
 */
final class Paced<T> {
  /** Maximum share of a core for one sensor. */
  static final double SHARE = 0.0003;

  /** Limits the wait after the first reading, which loads classes and is not representative. */
  private static final long LONGEST_WAIT_NANOS = 5_000_000_000L;

  private final Sensor<T> sensor;
  private final LongSupplier cpuNanos;
  private @Nullable T last;
  private long due = Long.MIN_VALUE;
  private boolean broken;

  /** A value source; returns null if the machine does not report the value. */
  interface Sensor<T> {
    @Nullable T read();
  }

  /**
   * Wraps a sensor.
   *
   * @param cpuNanos returns the CPU time of the calling thread, in nanoseconds
   */
  Paced(Sensor<T> sensor, LongSupplier cpuNanos) {
    this.sensor = sensor;
    this.cpuNanos = cpuNanos;
  }

  /** Returns the value at this {@link System#nanoTime}; null if unknown. */
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
