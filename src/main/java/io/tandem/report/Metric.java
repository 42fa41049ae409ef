package io.tandem.report;

import io.tandem.summary.TrialSummary;
import io.tandem.trial.Interval;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One column of a benchmark's table, defined once for console, CSV and JSON alike.
 *
 * @param name the column's name in files
 * @param unit what it is counted in: a unit, "ratio", "share" (of 1), or nothing
 * @param heading its heading on the console
 * @param format how the console shows it, for {@link String#format}
 * @param value its value; null is shown as an empty cell
 */
record Metric(
    String name,
    String unit,
    String heading,
    String format,
    Function<TrialSummary, @Nullable Object> value) {

  /** All columns of {@code speedup.csv}, in their order. */
  static final List<Metric> ALL =
      List.of(
          new Metric("trial", "", "trial", "%s", s -> s.trial().id()),
          new Metric("device", "", "device", "%s", s -> s.trial().device()),
          new Metric("concurrency", "lanes", "lanes", "%d", s -> s.trial().concurrency()),
          new Metric(
              "intra_op_threads", "threads", "threads", "%d", s -> s.trial().intraOpThreads()),
          new Metric("batch_size", "frames", "batch", "%d", s -> s.trial().batchSize()),
          new Metric("precision", "", "precision", "%s", s -> s.trial().precision()),
          new Metric(
              "model_scope",
              "",
              "model per",
              "%s",
              s -> s.trial().modelScope().name().toLowerCase(Locale.ROOT)),
          new Metric("frames", "frames", "frames", "%d", TrialSummary::frames),
          new Metric("rounds", "rounds", "rounds", "%d", TrialSummary::rounds),
          new Metric("throughput_fps", "frames/s", "frames/s", "%.1f", TrialSummary::throughputFps),
          new Metric(
              "throughput_common_fps",
              "frames/s",
              "common",
              "%.1f",
              TrialSummary::throughputCommonFps),
          new Metric("speedup", "ratio", "speedup", "%.2f", TrialSummary::speedup),
          new Metric("speedup_low", "ratio", "low", "%.2f", TrialSummary::speedupLow),
          new Metric("speedup_high", "ratio", "high", "%.2f", TrialSummary::speedupHigh),
          new Metric(
              "speedup_vs_all_cores",
              "ratio",
              "vs all cores",
              "%.2f",
              TrialSummary::speedupVsAllCores),
          new Metric("efficiency", "ratio", "efficiency", "%.2f", TrialSummary::efficiency),
          new Metric("latency_p50_ms", "ms", "p50 ms", "%.1f", TrialSummary::latencyP50Ms),
          new Metric("latency_p90_ms", "ms", "p90 ms", "%.1f", TrialSummary::latencyP90Ms),
          new Metric("latency_p95_ms", "ms", "p95 ms", "%.1f", TrialSummary::latencyP95Ms),
          new Metric("latency_p99_ms", "ms", "p99 ms", "%.1f", TrialSummary::latencyP99Ms),
          new Metric(
              "latency_inflation", "ratio", "latency x", "%.2f", TrialSummary::latencyInflation),
          new Metric("cpu_load", "share", "cpu load", "%.2f", TrialSummary::cpuLoad),
          new Metric("gpu_load", "share", "gpu load", "%.2f", TrialSummary::gpuLoad),
          new Metric("karp_flatt", "share", "karp-flatt", "%.3f", TrialSummary::karpFlatt),
          new Metric("ceiling_fps", "frames/s", "ceiling", "%.1f", TrialSummary::ceilingFps),
          new Metric(
              "decode_ceiling_fps",
              "frames/s",
              "decode ceiling",
              "%.1f",
              TrialSummary::decodeCeilingFps),
          new Metric("ceiling_ratio", "ratio", "of ceiling", "%.2f", TrialSummary::ceilingRatio),
          new Metric("agreement", "share", "agreement", "%.3f", TrialSummary::agreement),
          new Metric(
              "max_probability_diff",
              "share",
              "max diff",
              "%.4f",
              TrialSummary::maxProbabilityDiff),
          new Metric("valid", "", "valid", "%s", TrialSummary::valid),
          new Metric("reason", "", "reason", "%s", TrialSummary::reason),
          new Metric("placement", "", "lanes on", "%s", TrialSummary::placement));

  /** Two columns of the files in one of the console. */
  private static final Metric SPEEDUP_INTERVAL =
      new Metric("speedup_interval", "ratio", "95 % interval", "%s", s -> text(s.interval()));

  private static @Nullable String text(@Nullable Interval of) {
    return of == null ? null : String.format(Locale.ROOT, "%.2f-%.2f", of.low(), of.high());
  }

  static Metric named(String name) {
    return Stream.concat(ALL.stream(), Stream.of(SPEEDUP_INTERVAL))
        .filter(metric -> metric.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric " + name));
  }

  /** The cell on the console. */
  String shown(TrialSummary of) {
    Object found = value.apply(of);
    return found == null ? "" : String.format(Locale.ROOT, format, found);
  }
}
