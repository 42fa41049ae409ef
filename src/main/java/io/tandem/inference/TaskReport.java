package io.tandem.inference;

import io.tandem.lane.FrameResult;
import io.tandem.summary.InferSummary;
import io.tandem.timing.FrameTiming;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reports what a task of {@code infer} has done.
 *
 * @param place the executor and its host
 * @param frames how many frames it worked on, failed ones included
 * @param failed how many of them have an error instead of a result
 * @param startedUs when it started the first, in epoch microseconds of its executor's clock
 * @param endedUs when it ended the last
 * @param first those of the job's first frames that the task had, in any order
 * @param failures the first frames that failed
 */
record TaskReport(
    Place place,
    long frames,
    long failed,
    long startedUs,
    long endedUs,
    List<NamedFrame> first,
    List<NamedFrame> failures)
    implements Serializable {

  /** How many frames a summary names, of the first ones and of those that failed. */
  static final int MOST_NAMED = 10;

  /** Where a task ran. */
  record Place(String executor, String host) implements Serializable {}

  /** A frame by its index, as the summary shows it. */
  record NamedFrame(int index, String path, @Nullable String labels, @Nullable String error)
      implements Serializable {
    static final Comparator<NamedFrame> BY_INDEX = Comparator.comparingInt(NamedFrame::index);

    static NamedFrame of(FrameResult result) {
      return new NamedFrame(
          result.frame().index(), result.frame().path(), result.describe(), result.error());
    }

    InferSummary.Frame frame() {
      return new InferSummary.Frame(path, labels, error);
    }
  }

  /** Counts a task's frames as they are done. */
  static final class Counter {
    private final List<NamedFrame> first = new ArrayList<>();
    private final List<NamedFrame> failures = new ArrayList<>();
    private long frames;
    private long failed;
    private long startedUs = Long.MAX_VALUE;
    private long endedUs = Long.MIN_VALUE;

    void add(FrameResult result) {
      FrameTiming timing = result.timing();
      frames++;
      startedUs = Math.min(startedUs, timing.startedUs());
      endedUs = Math.max(endedUs, timing.endedUs());
      if (result.failed()) {
        failed++;
        if (failures.size() < MOST_NAMED) {
          failures.add(NamedFrame.of(result));
        }
      }
      if (result.frame().index() < MOST_NAMED) {
        first.add(NamedFrame.of(result));
      }
    }

    /** Returns the report of the frames so far. */
    TaskReport report(Place place) {
      return new TaskReport(
          place,
          frames,
          failed,
          startedUs,
          endedUs,
          new ArrayList<>(first),
          new ArrayList<>(failures));
    }
  }
}
