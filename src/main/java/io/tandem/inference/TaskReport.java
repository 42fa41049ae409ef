package io.tandem.inference;

import io.tandem.engine.Prediction;
import io.tandem.lane.FrameResult;
import io.tandem.summary.InferSummary;
import io.tandem.timing.FrameTiming;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a task of {@code infer} has done, for the summary: its frames, when it worked on them (epoch
 * microseconds of its executor's clock), and a few frames by name.
 */
final class TaskReport implements Serializable {
  private static final long serialVersionUID = 1L;

  /** How many frames are named, of the first ones and of those that failed. */
  static final int MOST_NAMED = 10;

  private static final int LABELS_NAMED = 3;

  /** A frame by its index, as the summary shows it. */
  record Named(int index, String path, @Nullable String labels, @Nullable String error)
      implements Serializable {
    static final Comparator<Named> BY_INDEX = Comparator.comparingInt(Named::index);

    InferSummary.Frame frame() {
      return new InferSummary.Frame(path, labels, error);
    }
  }

  final String executor;
  final String host;
  private final List<Named> first = new ArrayList<>();
  private final List<Named> failures = new ArrayList<>();
  long frames;
  long failed;
  long startedUs = Long.MAX_VALUE;
  long endedUs = Long.MIN_VALUE;

  TaskReport(String executor, String host) {
    this.executor = executor;
    this.host = host;
  }

  void add(FrameResult result) {
    FrameTiming timing = result.timing();
    frames++;
    startedUs = Math.min(startedUs, timing.startedUs());
    endedUs = Math.max(endedUs, timing.endedUs());
    if (result.failed()) {
      failed++;
      if (failures.size() < MOST_NAMED) {
        failures.add(named(result));
      }
    }
    if (result.frame().index() < MOST_NAMED) {
      first.add(named(result));
    }
  }

  private static Named named(FrameResult result) {
    return new Named(
        result.frame().index(),
        result.frame().path(),
        result.failed() ? null : labels(result.top()),
        result.error());
  }

  private static String labels(List<Prediction> top) {
    return top.stream()
        .limit(LABELS_NAMED)
        .map(p -> String.format(Locale.ROOT, "%s %.2f", p.label(), p.probability()))
        .collect(Collectors.joining(", "));
  }

  List<Named> first() {
    return first;
  }

  List<Named> failures() {
    return failures;
  }
}
