package io.tandem.report;

import io.tandem.summary.Scalability;
import io.tandem.summary.ScalingSummary;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.TextTable;
import io.tandem.text.Words;
import io.tandem.text.Wrap;
import io.tandem.trial.Environment;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A benchmark as a person reads it on the console. */
public final class ConsoleTable {
  /** Which trial: the last four only where the trials differ in them. */
  private static final List<String> SETTING =
      List.of(
          "concurrency", "intra_op_threads", "device", "batch_size", "precision", "model_scope");

  /** With few trials the frontier of throughput against latency shows by itself. */
  private static final int FEW = 6;

  private static final int WIDTH = 110;

  private static final List<String> ALWAYS = List.of("concurrency", "intra_op_threads");

  static final List<Metric> SPEED =
      metrics(
          "throughput_fps",
          "speedup",
          "speedup_interval",
          "speedup_vs_all_cores",
          "efficiency",
          "latency_p50_ms",
          "latency_p95_ms",
          "latency_inflation",
          "cpu_load",
          "rounds");

  static final List<Metric> TRUST =
      metrics(
          "ceiling_fps",
          "decode_ceiling_fps",
          "ceiling_ratio",
          "agreement",
          "max_probability_diff",
          "valid",
          "reason");

  private ConsoleTable() {}

  public static String of(Summary summary) {
    return heading(summary)
        + "\n"
        + table(summary, SPEED, trial -> remark(trial, summary))
        + "\nWhat its parts reach alone in frames/s, and whether to trust a row:\n"
        + table(summary, trust(summary), trial -> "")
        + "\n"
        + notes(summary);
  }

  /** Where lanes worked is worth a column where that was not just here. */
  static List<Metric> trust(Summary summary) {
    boolean here = summary.measured().rounds().stream().allMatch(r -> r.placement().isHere());
    if (here) {
      return TRUST;
    }
    List<Metric> trust = new ArrayList<>(TRUST);
    trust.add(Metric.named("placement"));
    return trust;
  }

  static String heading(Summary summary) {
    Environment e = summary.environment();
    Trial serial = summary.serial().trial();
    return String.format(
        Locale.ROOT,
        "%s %s, batch %d, %,d frames (%.1f MB), %d cores, %s%n",
        e.model().folder().replaceFirst(".*/", ""),
        serial.precision(),
        serial.batchSize(),
        e.frames().count(),
        e.frames().bytes() / 1e6,
        e.cores(),
        e.machine().cpu());
  }

  private static String table(
      Summary summary, List<Metric> of, Function<TrialSummary, String> remark) {
    List<Metric> metrics = new ArrayList<>(setting(summary));
    metrics.addAll(of);
    TextTable table = new TextTable();
    List<String> headings = new ArrayList<>(metrics.stream().map(Metric::heading).toList());
    headings.add("");
    table.row(headings);
    for (TrialSummary trial : summary.rows()) {
      List<String> cells = new ArrayList<>(metrics.stream().map(m -> m.shown(trial)).toList());
      cells.add(remark.apply(trial));
      table.row(cells);
    }
    return table.text();
  }

  static List<Metric> setting(Summary summary) {
    return SETTING.stream()
        .map(Metric::named)
        .filter(
            metric ->
                ALWAYS.contains(metric.name())
                    || summary.trials().stream().map(metric::shown).distinct().count() > 1)
        .toList();
  }

  private static List<Metric> metrics(String... names) {
    return Arrays.stream(names).map(Metric::named).toList();
  }

  static String remark(TrialSummary trial, Summary summary) {
    List<String> remarks = new ArrayList<>();
    Trial t = trial.trial();
    int cores = summary.environment().cores();
    ExternalInfo external = t.external();
    if (external != null) {
      remarks.add("%s: %s".formatted(t.id(), external.remark()));
    } else if (t.equals(summary.serial().trial())) {
      remarks.add("one by one");
    } else if (t.isRepeat()) {
      remarks.add("the same again");
    } else if (t.role() == Trial.Role.ALL_CORE_BASELINE) {
      remarks.add("one lane, all cores");
    } else if (t.concurrency() * t.intraOpThreads() > cores) {
      remarks.add("more than the cores");
    }
    if (external == null && summary.trials().size() > FEW && summary.isOnFrontier(trial)) {
      remarks.add("frontier");
    }
    if (!trial.valid()) {
      remarks.add("invalid");
    } else if (trial.equals(summary.best())) {
      remarks.add(trial.equals(summary.fastest()) ? "fastest" : "as fast as any");
    }
    return String.join(", ", remarks);
  }

  private static String notes(Summary summary) {
    StringBuilder notes = new StringBuilder();
    notes.append(Wrap.at(WIDTH, summary.verdict().text())).append("\n\n");
    notes.append(method(summary));
    external(summary).forEach(note -> notes.append(Wrap.at(WIDTH, note)).append('\n'));
    scalings(summary).forEach(notes::append);
    processors(summary).ifPresent(notes::append);
    if (summary.measured().failedFrames() > 0) {
      notes.append(
          "%s could not be read or decoded; predictions/ has the errors.%n"
              .formatted(Words.count(summary.measured().failedFrames(), "frame")));
    }
    return notes.toString();
  }

  /** What must be known of rows that are not ours. */
  static List<String> external(Summary summary) {
    return summary.external().stream()
        .map(TrialSummary::trial)
        .map(trial -> trial.id() + ": " + Objects.requireNonNull(trial.external()).note())
        .toList();
  }

  /** A trial over unlike machines is as fast as the slowest of them. */
  static Optional<String> processors(Summary summary) {
    List<String> cpus =
        summary.measured().rounds().stream()
            .flatMap(round -> round.placement().cpus().stream())
            .distinct()
            .toList();
    return cpus.size() < 2
        ? Optional.empty()
        : Optional.of(
            "Lanes ran on different processors (%s): a trial ends with its slowest lane.%n"
                .formatted(String.join(", ", cpus)));
  }

  static String method(Summary summary) {
    String latency = "Latency is that of the forward pass of a batch.\n";
    if (summary.serial().throughput().rounds() < Stopping.ROUNDS_FOR_INTERVAL) {
      return "Ratios are medians over %s, too few for intervals (%d are needed): a first look. "
              .formatted(
                  Words.count(summary.serial().throughput().rounds(), "round"),
                  Stopping.ROUNDS_FOR_INTERVAL)
          + latency;
    }
    return "Ratios are medians over the rounds, with 95 % bootstrap intervals. " + latency;
  }

  /** A line a series; those of which the same is said stand in one. */
  private static List<String> scalings(Summary summary) {
    Map<String, List<String>> series = new LinkedHashMap<>();
    for (ScalingSummary scaling : summary.scaling()) {
      series.computeIfAbsent(scaling(scaling), s -> new ArrayList<>()).add(scaling.series());
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

  private static String scaling(ScalingSummary scaling) {
    Scalability fit = scaling.fit();
    if (fit == null) {
      return scaling.note();
    }
    Double best = scaling.bestConcurrency();
    return String.format(
        Locale.ROOT,
        "sigma %.3f%s, kappa %.4f%s, %s; %s",
        fit.sigma(),
        shown(scaling.sigma(), "%.3f"),
        fit.kappa(),
        shown(scaling.kappa(), "%.4f"),
        best == null || best.isInfinite()
            ? "more lanes never make it slower"
            : "best at %.1f lanes".formatted(best),
        scaling.note());
  }

  private static String shown(@Nullable Interval interval, String format) {
    return interval == null
        ? ""
        : (" (" + format + " to " + format + ")").formatted(interval.low(), interval.high());
  }
}
