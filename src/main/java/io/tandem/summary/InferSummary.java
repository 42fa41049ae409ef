package io.tandem.summary;

import java.util.List;

/**
 * What an inference came to. {@code elapsedUs} lasts from the first frame's start to the last one's
 * end, by the executors' clocks.
 */
public record InferSummary(long frames, long failed, long elapsedUs, List<Failure> failures) {

  /** A frame that failed, and why. */
  public record Failure(String path, String error) {}

  public InferSummary {
    failures = List.copyOf(failures);
  }

  public double framesPerSecond() {
    return elapsedUs == 0 ? 0 : frames * 1e6 / elapsedUs;
  }
}
