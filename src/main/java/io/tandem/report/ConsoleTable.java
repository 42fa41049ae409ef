package io.tandem.report;

import io.tandem.summary.Environment;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A benchmark as a person reads it on the console. */
public final class ConsoleTable {
  private static final int ROUNDS_TO_TRUST = 6;

  /** Shown always. */
  private static final List<String> COLUMNS =
      List.of(
          "device",
          "concurrency",
          "intra_op_threads",
          "batch_size",
          "precision",
          "model_scope",
          "throughput_fps",
          "speedup",
          "speedup_vs_all_cores",
          "efficiency",
          "latency_p50_ms",
          "latency_p95_ms",
          "latency_inflation",
          "cpu_load");

  /** Shown only where the trials differ in them. */
  private static final List<String> ONLY_WHERE_DIFFERENT =
      List.of("batch_size", "precision", "model_scope");

  private ConsoleTable() {}

  public static String of(Summary summary) {
    return heading(summary) + "\n" + table(summary) + "\n" + notes(summary);
  }

  private static String heading(Summary summary) {
    Environment e = summary.environment();
    Trial serial = summary.serial().trial();
    return String.format(
        Locale.ROOT,
        "%s %s, batch %d, %,d frames (%.1f MB), %d cores, %s%n",
        e.model().replaceFirst(".*/", ""),
        serial.precision(),
        serial.batchSize(),
        e.frames(),
        e.frameBytes() / 1e6,
        e.cores(),
        e.cpu());
  }

  private static String table(Summary summary) {
    List<Metric> metrics =
        COLUMNS.stream().map(Metric::named).filter(m -> isTold(m, summary)).toList();
    TextTable table = new TextTable();
    List<String> headings = new ArrayList<>(metrics.stream().map(Metric::heading).toList());
    headings.add("");
    table.row(headings);
    for (TrialSummary trial : summary.trials()) {
      List<String> cells = new ArrayList<>(metrics.stream().map(m -> m.shown(trial)).toList());
      cells.add(remark(trial, summary));
      table.row(cells);
    }
    return table.text();
  }

  private static boolean isTold(Metric metric, Summary summary) {
    return !ONLY_WHERE_DIFFERENT.contains(metric.name())
        || summary.trials().stream().map(metric::shown).distinct().count() > 1;
  }

  private static String remark(TrialSummary trial, Summary summary) {
    List<String> remarks = new ArrayList<>();
    Trial t = trial.trial();
    int cores = summary.environment().cores();
    if (t.equals(summary.serial().trial())) {
      remarks.add("one by one");
    } else if (t.concurrency() == 1 && t.intraOpThreads() == cores) {
      remarks.add("one lane, all cores");
    } else if (t.concurrency() * t.intraOpThreads() > cores) {
      remarks.add("more than the cores");
    }
    if (trial.equals(summary.best())) {
      remarks.add(trial.equals(summary.fastest()) ? "fastest" : "as fast as any");
    }
    return String.join(", ", remarks);
  }

  private static String notes(Summary summary) {
    TrialSummary best = summary.best();
    Trial t = best.trial();
    StringBuilder notes = new StringBuilder();
    if (best.equals(summary.serial())) {
      notes.append("Nothing was faster than one by one.\n");
    } else {
      notes.append(
          String.format(
              Locale.ROOT,
              "%s with %s each, batch %d, %s: %.2f times as fast as one by one, %.2f times one lane with all cores.%n",
              Words.count(t.concurrency(), "lane"),
              Words.count(t.intraOpThreads(), "thread"),
              t.batchSize(),
              t.precision(),
              best.speedup(),
              best.speedupVsAllCores()));
    }
    notes.append(
        "Ratios are medians over %s; latency is that of the forward pass of a batch.%n"
            .formatted(Words.count(best.rounds(), "round")));
    if (best.rounds() < ROUNDS_TO_TRUST) {
      notes.append(
          "Under %d rounds: take these numbers as a first look.%n".formatted(ROUNDS_TO_TRUST));
    }
    if (summary.failedFrames() > 0) {
      notes.append(
          "%s could not be read or decoded; predictions/ has the errors.%n"
              .formatted(Words.count(summary.failedFrames(), "frame")));
    }
    return notes.toString();
  }
}
