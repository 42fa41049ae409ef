package io.tandem.timing;

/**
 * Converts {@link System#nanoTime} to epoch microseconds with one (epoch, nanoTime) pair, read once
 * per JVM.
 */
public record EpochClock(long epochMicros, long nanos) {
  private static final EpochClock JVM = read();

  /** Returns the clock of this JVM. */
  public static EpochClock ofThisJvm() {
    return JVM;
  }

  private static EpochClock read() {
    java.time.Instant now = java.time.Instant.now();
    long nanos = System.nanoTime();
    return new EpochClock(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000, nanos);
  }

  /** Returns a {@link System#nanoTime} of this JVM in epoch microseconds. */
  public long micros(long nanoTime) {
    return epochMicros + Math.floorDiv(nanoTime - nanos, 1_000L);
  }

  /**
   * Returns the microseconds between two {@link System#nanoTime} of this JVM: the difference of
   * what {@link #micros} says of both, so that moments and durations written down add up, whatever
   * was rounded.
   */
  public long microsBetween(long from, long to) {
    return micros(to) - micros(from);
  }
}
