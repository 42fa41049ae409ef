package io.tandem.summary;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of an inference; {@code first} are the first frames of the list, {@code failures} the
 * first of those that failed.
 */
public record InferSummary(
    long frames,
    long failed,
    Elapsed elapsed,
    Tasks tasks,
    List<Frame> first,
    List<Frame> failures) {

  /**
   * The time from the first frame's start to the last one's end, by the executors' clocks, in
   * microseconds; of a resumed run the sum over its parts, without the time between them.
   */
  public record Elapsed(long us, int parts) {}

  /** A frame with a description of its result, "espresso 0.94, cup 0.02", or with its error. */
  public record Frame(String path, @Nullable String result, @Nullable String error) {}

  /**
   * The times of Spark's tasks, from their first frame's start to their last one's end: a task that
   * takes much longer than the others delays the end.
   *
   * @param slowest where the longest one ran: "executor 1 on node-b"
   */
  public record Tasks(long count, int executors, double medianUs, long longestUs, String slowest) {}

  public InferSummary {
    first = List.copyOf(first);
    failures = List.copyOf(failures);
  }

  /** Returns the throughput over the whole time, without failed frames. */
  public double framesPerSecond() {
    return elapsed.us == 0 ? 0 : (frames - failed) * 1e6 / elapsed.us;
  }
}
