package io.tandem.summary;

/**
 * How long something took in one trial, over all rounds, in microseconds: the {@code forward} of a
 * batch, or a whole {@code frame} from the start of its reading to the end of its output, in which
 * reading ahead waits long without making anything slow. Percentiles are interpolated linearly
 * between two observations (Hyndman and Fan's type 7).
 */
public record Latency(
    String trial,
    String of,
    long count,
    double mean,
    double p50,
    double p90,
    double p95,
    double p99,
    double max) {
  public static final String FORWARD = "forward";
  public static final String FRAME = "frame";

  /** A 99th percentile asks for at least so many observations. */
  private static final int COUNT_FOR_P99 = 1_000;

  /** Whether there are enough observations to speak of a 99th percentile. */
  public boolean knowsP99() {
    return count >= COUNT_FOR_P99;
  }
}
