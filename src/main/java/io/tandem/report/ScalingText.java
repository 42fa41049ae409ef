package io.tandem.report;

import io.tandem.summary.ScalingSummary;
import io.tandem.summary.Summary;
import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes how the series of a benchmark scale, for the console. */
final class ScalingText {
  private ScalingText() {}

  /** Returns a line for each series; series with the same text share one. */
  static List<String> lines(Summary summary) {
    Map<String, List<String>> series = new LinkedHashMap<>();
    for (ScalingSummary scaling : summary.scaling()) {
      series.computeIfAbsent(text(scaling), s -> new ArrayList<>()).add(scaling.series());
    }
    return series.entrySet().stream()
        .map(
            entry ->
                "Scaling of %s: %s.%n"
                    .formatted(
                        entry.getValue().size() == 1
                            ? entry.getValue().get(0)
                            : "each of %d series".formatted(entry.getValue().size()),
                        entry.getKey()))
        .toList();
  }

  private static String text(ScalingSummary scaling) {
    ScalingSummary.Fit fit = scaling.fit();
    if (fit == null) {
      return scaling.note();
    }
    return String.format(
        Locale.ROOT,
        "sigma %.3f%s, kappa %.4f%s, %s; %s",
        fit.law().sigma(),
        shown(fit.sigma(), "%.3f"),
        fit.law().kappa(),
        shown(fit.kappa(), "%.4f"),
        Double.isInfinite(fit.bestConcurrency())
            ? "more lanes never make it slower"
            : String.format(Locale.ROOT, "best at %.1f lanes", fit.bestConcurrency()),
        scaling.note());
  }

  private static String shown(@Nullable Interval interval, String format) {
    return interval == null
        ? ""
        : (" (" + format + " to " + format + ")").formatted(interval.low(), interval.high());
  }
}
