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
 * The report of a task of {@code infer}.
 *
 * @param place the executor and its host
 * @param frames the number of frames, including failed ones
 * @param failed the number of frames with an error instead of a result
 * @param startedUs the start of the first frame, in epoch microseconds of the executor's clock
 * @param endedUs the end of the last frame, on the same clock
 * @param first the frames of the task that are among the first of the job, in any order
 * @param failures the first failed frames of the task
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

  /**
   * The maximum number of frames that a summary lists, of the first and of the failed ones each.
   */
  static final int MOST_NAMED = 10;

  /** The executor and host of a task. */
  record Place(String executor, String host) implements Serializable {}

  /** A frame that the summary lists; either labels or error is null. */
  record NamedFrame(int index, String path, @Nullable String labels, @Nullable String error)
      implements Serializable {
    static final Comparator<NamedFrame> BY_INDEX = Comparator.comparingInt(NamedFrame::index);

    static NamedFrame of(FrameResult result) {
      return new NamedFrame(
          result.frame().index(), result.frame().ref().label(), result.describe(), result.error());
    }

    InferSummary.Frame frame() {
      return new InferSummary.Frame(path, labels, error);
    }
  }

  /** Counts the completed frames of a task. */
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

    /** Returns the report of the frames that were added. */
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
