package io.tandem.timing;

/**
 * One (epoch, nanoTime) pair, read once per JVM: durations come from {@link System#nanoTime}, and
 * the timeline's epoch microseconds are those durations laid on that pair.
 */
public record EpochClock(long epochMicros, long nanos) {
  private static final EpochClock JVM = read();

  /** The pair of this JVM. */
  public static EpochClock ofThisJvm() {
    return JVM;
  }

  private static EpochClock read() {
    java.time.Instant now = java.time.Instant.now();
    long nanos = System.nanoTime();
    return new EpochClock(now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000, nanos);
  }

  /** The epoch microseconds of a reading of {@link System#nanoTime} in this JVM. */
  public long micros(long nanoTime) {
    return epochMicros + Math.floorDiv(nanoTime - nanos, 1_000L);
  }
}
