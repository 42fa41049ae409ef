package io.tandem.timing;

/**
 * Phases of one frame, as in the columns: {@code startedUs} in epoch microseconds, {@code *AtUs} as
 * offsets from it, durations in microseconds. Read and decode are per frame; wait lasts from the
 * end of decode to the start of the batch's forward pass; forward and output are per batch. A phase
 * that was not reached has a duration of 0.
 */
public record FrameTiming(
    long startedUs,
    long readAtUs,
    long readUs,
    long decodeAtUs,
    long decodeUs,
    long waitUs,
    long forwardAtUs,
    long forwardUs,
    long outputAtUs,
    long outputUs) {

  /** Returns the end of the last phase that was reached, in epoch microseconds. */
  public long endedUs() {
    return startedUs + Math.max(readUs, Math.max(decodeAtUs + decodeUs, outputAtUs + outputUs));
  }

  /** Phase boundaries of one frame by {@link System#nanoTime}; 0 if not reached. */
  public static final class Moments {
    public long readFrom;
    public long readTo;
    public long decodeFrom;
    public long decodeTo;
    public long forwardFrom;
    public long forwardTo;
    public long outputFrom;
    public long outputTo;

    /** Returns the phases by the epoch clock. */
    public FrameTiming on(EpochClock clock) {
      return new FrameTiming(
          clock.micros(readFrom),
          0,
          micros(clock, readFrom, readTo),
          micros(clock, readFrom, decodeFrom),
          micros(clock, decodeFrom, decodeTo),
          micros(clock, decodeTo, forwardFrom),
          micros(clock, readFrom, forwardFrom),
          micros(clock, forwardFrom, forwardTo),
          micros(clock, readFrom, outputFrom),
          micros(clock, outputFrom, outputTo));
    }

    private static long micros(EpochClock clock, long from, long to) {
      return from == 0 || to == 0 ? 0 : clock.microsBetween(from, to);
    }
  }
}
