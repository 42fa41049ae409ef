package io.tandem.summary;

/**
 * How long a step took in one trial, over all rounds: the {@code forward} of a batch, or a whole
 * {@code frame} from the start of its reading to the end of its output, in which reading ahead
 * waits long without making anything slow.
 *
 * @param step {@link #FORWARD} or {@link #FRAME}
 * @param count how many observations
 */
public record Latency(String trial, String step, long count, Distribution us) {
  /** The step of a batch's forward pass. */
  public static final String FORWARD = "forward";

  /** The step of a whole frame. */
  public static final String FRAME = "frame";

  /** A 99th percentile asks for at least this many observations. */
  private static final int COUNT_FOR_P99 = 1_000;

  /**
   * Mean, percentiles and maximum of the observations in microseconds. Percentiles are interpolated
   * linearly between two observations (Hyndman and Fan's type 7).
   */
  public record Distribution(
      double mean, double p50, double p90, double p95, double p99, double max) {}

  /** Returns whether there are enough observations for a 99th percentile. */
  public boolean knowsP99() {
    return count >= COUNT_FOR_P99;
  }
}
