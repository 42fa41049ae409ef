package io.tandem.report;

import io.tandem.summary.FrameError;
import io.tandem.summary.Latency;
import io.tandem.summary.PhaseSummary;
import io.tandem.summary.ScalingSummary;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Csv;
import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes a benchmark's summary as CSV files. */
public final class SummaryCsv {
  private static final List<String> LATENCY =
      List.of("trial", "of", "count", "mean_ms", "p50_ms", "p90_ms", "p95_ms", "p99_ms", "max_ms");
  private static final List<String> PHASES =
      List.of(
          "trial", "phase", "count", "total_ms", "mean_ms", "p50_ms", "p95_ms", "share_of_lanes");
  private static final List<String> SCALING =
      List.of(
          "series",
          "levels",
          "sigma",
          "sigma_low",
          "sigma_high",
          "kappa",
          "kappa_low",
          "kappa_high",
          "best_concurrency",
          "best_concurrency_low",
          "best_concurrency_high",
          "note");
  private static final List<String> DISTURBED = List.of("trial", "round", "why");
  private static final List<String> ERRORS =
      List.of("path", "frame_index", "pts_us", "error", "rows");

  private SummaryCsv() {}

  /** Returns the texts of the files by their names. */
  public static Map<String, String> of(Summary summary) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("speedup.csv", speedup(summary));
    files.put("latency.csv", latency(summary.measured().latencies()));
    files.put("phases.csv", phases(summary.measured().phases()));
    files.put("scaling.csv", scaling(summary.scaling()));
    files.put("disturbed.csv", disturbed(summary));
    files.put("errors.csv", errors(summary.measured().errors()));
    return files;
  }

  static String speedup(Summary summary) {
    Csv csv = new Csv(Metric.ALL.stream().map(Metric::name).toList());
    for (TrialSummary trial : summary.rows()) {
      csv.row(Metric.ALL.stream().map(metric -> metric.value().apply(trial)).toArray());
    }
    return csv.text();
  }

  private static String latency(List<Latency> latencies) {
    Csv csv = new Csv(LATENCY);
    for (Latency l : latencies) {
      Latency.Distribution us = l.us();
      csv.row(
          l.trial(),
          l.step(),
          l.count(),
          us.mean() / 1e3,
          us.p50() / 1e3,
          us.p90() / 1e3,
          us.p95() / 1e3,
          l.knowsP99() ? us.p99() / 1e3 : null,
          us.max() / 1e3);
    }
    return csv.text();
  }

  private static String phases(List<PhaseSummary> phases) {
    Csv csv = new Csv(PHASES);
    for (PhaseSummary p : phases) {
      csv.row(
          p.trial(),
          p.phase(),
          p.count(),
          p.us().total() / 1e3,
          p.us().mean() / 1e3,
          p.us().p50() / 1e3,
          p.us().p95() / 1e3,
          p.share());
    }
    return csv.text();
  }

  private static String scaling(List<ScalingSummary> series) {
    Csv csv = new Csv(SCALING);
    for (ScalingSummary s : series) {
      List<@Nullable Object> cells = new ArrayList<>(List.of(s.series(), s.levels()));
      cells.addAll(fit(s.fit()));
      cells.add(s.note());
      csv.row(cells.toArray());
    }
    return csv.text();
  }

  private static List<@Nullable Double> fit(ScalingSummary.@Nullable Fit fit) {
    return fit == null
        ? Collections.nCopies(SCALING.size() - 3, null)
        : Arrays.asList(
            fit.law().sigma(),
            low(fit.sigma()),
            high(fit.sigma()),
            fit.law().kappa(),
            low(fit.kappa()),
            high(fit.kappa()),
            fit.bestConcurrency(),
            low(fit.bestConcurrencyInterval()),
            high(fit.bestConcurrencyInterval()));
  }

  private static @Nullable Double low(@Nullable Interval interval) {
    return interval == null ? null : interval.low();
  }

  private static @Nullable Double high(@Nullable Interval interval) {
    return interval == null ? null : interval.high();
  }

  private static String disturbed(Summary summary) {
    Csv csv = new Csv(DISTURBED);
    for (TrialSummary row : summary.rows()) {
      row.trust().disturbed().forEach(d -> csv.row(row.trial().id(), d.round(), d.why()));
    }
    return csv.text();
  }

  private static String errors(List<FrameError> errors) {
    Csv csv = new Csv(ERRORS);
    errors.forEach(e -> csv.row(e.path(), e.frameIndex(), e.ptsMicros(), e.error(), e.rows()));
    return csv.text();
  }
}
