package io.tandem.report;

import io.tandem.summary.Ranking;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.TextTable;
import io.tandem.text.Words;
import io.tandem.text.Wrap;
import io.tandem.trial.Environment;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Interval;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Shows a benchmark on the console: its tables, verdict and notes. */
public final class ConsoleTable {
  /** The setting of a trial: the last four only where the trials differ in them. */
  private static final List<String> SETTING =
      List.of("concurrency", "intra_op_threads", "device", "batch_size", "export", "model_scope");

  /** With fewer trials the frontier of throughput against latency is obvious. */
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
          "max_result_diff",
          "hours",
          "disturbed_rounds",
          "valid",
          "reason");

  private ConsoleTable() {}

  /** Returns the answer, heading, tables, reasons and notes. */
  public static String of(Summary summary) {
    return summary.verdict().answer().stream()
            .map(line -> Wrap.at(WIDTH, line) + "\n")
            .collect(Collectors.joining())
        + "\n"
        + heading(summary)
        + "\n"
        + tables(summary)
        + "\n"
        + notes(summary);
  }

  /** Returns the two tables. */
  static String tables(Summary summary) {
    return table(summary, SPEED, trial -> remark(trial, summary))
        + "\nCeilings of each stage alone in frames/s, hours per million frames, and validity:\n"
        + table(summary, trust(summary), trial -> "");
  }

  /** Returns the columns of the second table: with the placement where it is not this machine. */
  static List<Metric> trust(Summary summary) {
    boolean here = summary.measured().rounds().stream().allMatch(r -> r.placement().isHere());
    if (here) {
      return TRUST;
    }
    List<Metric> trust = new ArrayList<>(TRUST);
    trust.add(Metric.named("placement"));
    return trust;
  }

  /** Returns the line of model, frames and machine, ended. */
  static String heading(Summary summary) {
    Environment e = summary.environment();
    Trial serial = summary.serial().trial();
    return String.format(
        Locale.ROOT,
        "%s %s, batch %d, %,d frames (%.1f MB), %s, %s%n",
        e.model().folder().replaceFirst(".*/", ""),
        serial.export(),
        serial.batchSize(),
        e.frames().count(),
        e.frames().bytes() / 1e6,
        Words.count(e.cores(), "core"),
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

  /** Returns the columns of the setting in which the trials differ. */
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

  /** Returns the remark at the end of a row: its role, and whether it is best or invalid. */
  static String remark(TrialSummary trial, Summary summary) {
    List<String> remarks = new ArrayList<>();
    Trial t = trial.trial();
    int cores = summary.environment().cores();
    ExternalInfo external = t.external();
    if (external != null) {
      remarks.add("%s: %s".formatted(t.id(), external.remark()));
    } else if (t.equals(summary.serial().trial())) {
      remarks.add("serial baseline");
    } else if (t.isRepeat()) {
      remarks.add("A/A repeat");
    } else if (t.role() == Trial.Role.ALL_CORE_BASELINE) {
      remarks.add("all-core baseline");
    } else if (t.concurrency() * t.intraOpThreads() > cores) {
      remarks.add("more threads than cores");
    }
    if (external == null && summary.trials().size() > FEW && summary.isOnFrontier(trial)) {
      remarks.add("frontier");
    }
    if (!trial.valid()) {
      remarks.add("invalid");
    } else {
      remarks.addAll(rank(trial, summary));
    }
    return String.join(", ", remarks);
  }

  /** Returns how a trial compares with the best of the others, and whether it is recommended. */
  private static List<String> rank(TrialSummary trial, Summary summary) {
    List<String> rank = new ArrayList<>();
    Ranking.Standing standing = summary.standing(trial);
    if (summary.isDropped(trial)) {
      rank.add("too few rounds to be ranked");
    } else if (trial.equals(summary.fastest())) {
      rank.add("fastest");
    } else if (standing != null) {
      rank.add(standing.mayBeBest() ? "within noise of the fastest" : slower(standing.interval()));
    }
    if (!trial.keepsResults() && !trial.trial().isExternal()) {
      rank.add(
          String.format(Locale.ROOT, "%.1f %% other results", trial.trust().differing() * 100));
    }
    if (trial.equals(summary.best())) {
      rank.add("recommended" + (summary.recommended().isSettled() ? "" : " (not settled)"));
    }
    return rank;
  }

  /** Returns by how much a ratio to the best is below 1. */
  private static String slower(Interval ratio) {
    long least = Math.round((1 - ratio.high()) * 100);
    long most = Math.round((1 - ratio.low()) * 100);
    return least == 0
        ? "slower by up to %d %%".formatted(most)
        : "slower by %d to %d %%".formatted(least, most);
  }

  private static String notes(Summary summary) {
    StringBuilder notes = new StringBuilder();
    String reasons = String.join(" ", summary.verdict().reasons());
    if (!reasons.isEmpty()) {
      notes.append(Wrap.at(WIDTH, reasons)).append("\n\n");
    }
    notes.append(SummaryNotes.method(summary));
    for (String note : SummaryNotes.rows(summary)) {
      notes.append(Wrap.at(WIDTH, note)).append('\n');
    }
    ScalingText.lines(summary).forEach(notes::append);
    SummaryNotes.processors(summary).ifPresent(notes::append);
    SummaryNotes.failures(summary).ifPresent(notes::append);
    return notes.toString();
  }
}
