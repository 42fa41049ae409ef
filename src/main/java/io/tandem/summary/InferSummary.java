package io.tandem.summary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an inference came to. {@code elapsedUs} lasts from the first frame's start to the last one's
 * end, by the executors' clocks; {@code first} are the first frames of the list, {@code failures}
 * the first of those that failed.
 */
public record InferSummary(
    long frames,
    long failed,
    long elapsedUs,
    Tasks tasks,
    List<Frame> first,
    List<Frame> failures) {

  /** A frame with its best labels, "espresso 0.94, cup 0.02", or with its error. */
  public record Frame(String path, @Nullable String labels, @Nullable String error) {}

  /**
   * How long Spark's tasks took, from their first frame's start to their last one's end: one that
   * takes much longer than the others keeps all waiting at the end.
   *
   * @param slowest where the longest one ran: "executor 1 on node-b"
   */
  public record Tasks(long count, int executors, double medianUs, long longestUs, String slowest) {}

  public InferSummary {
    first = List.copyOf(first);
    failures = List.copyOf(failures);
  }

  /** Frames that were predicted, by the time that all of them took. */
  public double framesPerSecond() {
    return elapsedUs == 0 ? 0 : (frames - failed) * 1e6 / elapsedUs;
  }
}
