package io.tandem.report;

import io.tandem.summary.InferSummary;
import io.tandem.text.Printable;
import io.tandem.text.Words;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Shows the result of an inference on the console. */
public final class InferText {
  private InferText() {}

  /** Returns the first frames, the totals and the failures. */
  public static String of(InferSummary summary) {
    StringBuilder text = new StringBuilder();
    frames(text, summary.first().stream().filter(frame -> frame.result() != null).toList());
    if (summary.first().size() < summary.frames()) {
      text.append("  ...\n");
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%s, %,d failed; %.1f s %s: %.1f frames/s%n",
            Words.count(summary.frames(), "frame"),
            summary.failed(),
            summary.elapsed().us() / 1e6,
            summary.elapsed().parts() == 1
                ? "from the first frame's start to the last one's end"
                : "in %d parts, each from its first frame's start to its last one's end"
                    .formatted(summary.elapsed().parts()),
            summary.framesPerSecond()));
    tasks(text, summary.tasks());
    frames(text, summary.failures());
    if (summary.failures().size() < summary.failed()) {
      text.append("  ... predictions/ has the other errors\n");
    }
    return text.toString();
  }

  /** Adds the tasks' times where several executors worked: one may keep the others waiting. */
  private static void tasks(StringBuilder text, InferSummary.Tasks tasks) {
    if (tasks.executors() < 2) {
      return;
    }
    text.append(
        String.format(
            Locale.ROOT,
            "%s on %s: median %.1f s, longest %.1f s (%s)%n",
            Words.count(tasks.count(), "task"),
            Words.count(tasks.executors(), "executor"),
            tasks.medianUs() / 1e6,
            tasks.longestUs() / 1e6,
            tasks.slowest()));
  }

  private static void frames(StringBuilder text, List<InferSummary.Frame> frames) {
    int width = frames.stream().mapToInt(frame -> name(frame).length()).max().orElse(0);
    for (InferSummary.Frame frame : frames) {
      String said = frame.error() == null ? frame.result() : frame.error();
      text.append("  ")
          .append(name(frame))
          .append(" ".repeat(width - name(frame).length() + 2))
          .append(Printable.line(Objects.requireNonNullElse(said, "")))
          .append('\n');
    }
  }

  private static String name(InferSummary.Frame frame) {
    return Printable.value(frame.path().replaceFirst(".*/", ""));
  }
}
