package io.tandem.report;

import io.tandem.summary.InferSummary;
import java.util.Locale;

/** An inference's end as a person reads it on the console. */
public final class InferText {
  private InferText() {}

  public static String of(InferSummary summary) {
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "%,d frames in %.1f s: %.1f frames/s, %,d failed%n",
            summary.frames(),
            summary.elapsedUs() / 1e6,
            summary.framesPerSecond(),
            summary.failed()));
    for (InferSummary.Failure failure : summary.failures()) {
      text.append("  ").append(failure.path()).append(": ").append(failure.error()).append('\n');
    }
    if (summary.failures().size() < summary.failed()) {
      text.append("  ... the others have their error in predictions/ too\n");
    }
    return text.toString();
  }
}
