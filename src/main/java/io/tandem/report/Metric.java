package io.tandem.report;

import io.tandem.summary.TrialSummary;
import io.tandem.trial.Interval;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One column of a benchmark's table, defined once for console, CSV, JSON, Markdown and HTML.
 *
 * <p>A new column is one line in {@link #ALL}: from there {@code speedup.csv}, {@code summary.json}
 * and the data of {@code report.html} have it. Its name in {@link ConsoleTable#SPEED} or {@link
 * ConsoleTable#TRUST} shows it in the tables of console, Markdown and HTML as well.
 *
 * @param name the column's name in files
 * @param unit a unit, "ratio", "share" (of 1), or nothing
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

  /** The columns of {@code speedup.csv}, in their order. */
  static final List<Metric> ALL =
      List.of(
          new Metric("trial", "", "trial", "%s", s -> s.trial().id()),
          new Metric("device", "", "device", "%s", s -> s.trial().device().toString()),
          new Metric("concurrency", "lanes", "lanes", "%d", s -> s.trial().concurrency()),
          new Metric(
              "intra_op_threads", "threads", "threads", "%d", s -> s.trial().intraOpThreads()),
          new Metric("batch_size", "frames", "batch", "%d", s -> s.trial().batchSize()),
          new Metric("export", "", "export", "%s", s -> s.trial().export().name()),
          new Metric("engine", "", "engine", "%s", s -> s.trial().export().engine()),
          new Metric("precision", "", "precision", "%s", s -> s.trial().export().precision()),
          new Metric(
              "model_scope",
              "",
              "model scope",
              "%s",
              s -> s.trial().modelScope().name().toLowerCase(Locale.ROOT)),
          new Metric("frames", "frames", "frames", "%d", s -> s.throughput().frames()),
          new Metric("rounds", "rounds", "rounds", "%d", s -> s.throughput().rounds()),
          new Metric("throughput_fps", "frames/s", "frames/s", "%.1f", s -> s.throughput().fps()),
          new Metric(
              "throughput_common_fps",
              "frames/s",
              "common",
              "%.1f",
              s -> s.throughput().commonFps()),
          new Metric(
              "hours_per_million",
              "hours",
              "h per million",
              "%.2f",
              s -> s.throughput().hoursPerMillion()),
          new Metric(
              "hours_per_million_low",
              "hours",
              "low",
              "%.2f",
              s -> low(s.throughput().hoursInterval())),
          new Metric(
              "hours_per_million_high",
              "hours",
              "high",
              "%.2f",
              s -> high(s.throughput().hoursInterval())),
          new Metric("speedup", "ratio", "speedup", "%.2f", s -> s.speedup().median()),
          new Metric("speedup_low", "ratio", "low", "%.2f", s -> low(s.speedup().interval())),
          new Metric("speedup_high", "ratio", "high", "%.2f", s -> high(s.speedup().interval())),
          new Metric(
              "speedup_all_rounds", "ratio", "all rounds", "%.2f", s -> s.speedup().allRounds()),
          new Metric(
              "speedup_vs_all_cores",
              "ratio",
              "vs all cores",
              "%.2f",
              s -> s.speedup().vsAllCores()),
          new Metric("efficiency", "ratio", "efficiency", "%.2f", s -> s.speedup().efficiency()),
          new Metric("latency_p50_ms", "ms", "p50 ms", "%.1f", s -> s.latency().p50()),
          new Metric("latency_p90_ms", "ms", "p90 ms", "%.1f", s -> s.latency().p90()),
          new Metric("latency_p95_ms", "ms", "p95 ms", "%.1f", s -> s.latency().p95()),
          new Metric("latency_p99_ms", "ms", "p99 ms", "%.1f", s -> s.latency().p99()),
          new Metric(
              "latency_inflation", "ratio", "latency x", "%.2f", s -> s.latency().inflation()),
          new Metric("cpu_load", "share", "cpu load", "%.2f", s -> s.load().cpu()),
          new Metric("gpu_load", "share", "gpu load", "%.2f", s -> s.load().gpu()),
          new Metric("karp_flatt", "share", "karp-flatt", "%.3f", s -> s.speedup().karpFlatt()),
          new Metric("ceiling_fps", "frames/s", "ceiling", "%.1f", s -> s.ceiling().forwardFps()),
          new Metric(
              "decode_ceiling_fps",
              "frames/s",
              "decode ceiling",
              "%.1f",
              s -> s.ceiling().decodeFps()),
          new Metric("ceiling_ratio", "ratio", "of ceiling", "%.2f", s -> s.ceiling().ratio()),
          new Metric("agreement", "share", "agreement", "%.3f", s -> s.trust().agreement().same()),
          new Metric(
              "max_result_diff",
              "share",
              "max diff",
              "%.4f",
              s -> s.trust().agreement().maxDifference()),
          new Metric(
              "disturbed_rounds",
              "rounds",
              "disturbed",
              "%d",
              s -> s.trust().disturbed().isEmpty() ? null : s.trust().disturbed().size()),
          new Metric("valid", "", "valid", "%s", TrialSummary::valid),
          new Metric("reason", "", "reason", "%s", TrialSummary::reason),
          new Metric("placement", "", "lanes on", "%s", s -> s.trust().placement()));

  /** Shows two columns of the files as one. */
  private static final Metric SPEEDUP_INTERVAL =
      new Metric(
          "speedup_interval", "ratio", "95 % interval", "%s", s -> text(s.speedup().interval()));

  /** Shows three columns of the files as one. */
  private static final Metric HOURS =
      new Metric(
          "hours",
          "hours",
          "h per million",
          "%s",
          s -> {
            Interval range = s.throughput().hoursInterval();
            String hours = String.format(Locale.ROOT, "%.2f", s.throughput().hoursPerMillion());
            return range == null ? hours : hours + " (" + text(range) + ")";
          });

  private static @Nullable String text(@Nullable Interval of) {
    return of == null ? null : String.format(Locale.ROOT, "%.2f-%.2f", of.low(), of.high());
  }

  private static @Nullable Double low(@Nullable Interval of) {
    return of == null ? null : of.low();
  }

  private static @Nullable Double high(@Nullable Interval of) {
    return of == null ? null : of.high();
  }

  /** Returns the column of this name. */
  static Metric named(String name) {
    return Stream.concat(ALL.stream(), Stream.of(SPEEDUP_INTERVAL, HOURS))
        .filter(metric -> metric.name.equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no metric " + name));
  }

  /** Returns the cell on the console; empty where the value is null. */
  String shown(TrialSummary of) {
    Object found = value.apply(of);
    return found == null ? "" : String.format(Locale.ROOT, format, found);
  }
}
