package io.tandem.timing;

/**
 * When one frame was worked on, as the columns have it: {@code startedUs} in epoch microseconds,
 * the {@code At} as offsets from it, all durations in microseconds. Read and decode belong to the
 * frame; wait lasts from decoded to the start of its batch's forward; forward and output belong to
 * the batch. A phase that was not reached is 0 long.
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

  /** When the last phase that was reached ended, in epoch microseconds. */
  public long endedUs() {
    return startedUs + Math.max(readUs, Math.max(decodeAtUs + decodeUs, outputAtUs + outputUs));
  }

  /** The moments of one frame as {@link System#nanoTime} gave them; 0 is "not reached". */
  public static final class Moments {
    public long readFrom;
    public long readTo;
    public long decodeFrom;
    public long decodeTo;
    public long forwardFrom;
    public long forwardTo;
    public long outputFrom;
    public long outputTo;

    public FrameTiming on(EpochClock clock) {
      return new FrameTiming(
          clock.micros(readFrom),
          0,
          micros(readFrom, readTo),
          micros(readFrom, decodeFrom),
          micros(decodeFrom, decodeTo),
          micros(decodeTo, forwardFrom),
          micros(readFrom, forwardFrom),
          micros(forwardFrom, forwardTo),
          micros(readFrom, outputFrom),
          micros(outputFrom, outputTo));
    }

    private static long micros(long from, long to) {
      return from == 0 || to == 0 ? 0 : (to - from) / 1_000;
    }
  }
}
