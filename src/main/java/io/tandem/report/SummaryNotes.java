package io.tandem.report;

import io.tandem.summary.Disturbance;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialRound;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Words;
import io.tandem.trial.Stopping;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Writes the notes below a benchmark's tables: how to read them, and what is not in them. */
final class SummaryNotes {
  private SummaryNotes() {}

  /** Returns the notes on rows that are not ranked, were disturbed, or are another program's. */
  static List<String> rows(Summary summary) {
    List<String> notes = new ArrayList<>();
    if (!summary.measured().ended()) {
      notes.add(unfinished(summary));
    }
    dropped(summary).ifPresent(notes::add);
    disturbed(summary).ifPresent(notes::add);
    notes.addAll(external(summary));
    return notes;
  }

  private static String unfinished(Summary summary) {
    List<TrialRound> rounds = summary.measured().rounds();
    return "Interrupted, or still running: %s of %s so far, of %s each; ./submit.sh benchmark --resume resumes it."
        .formatted(
            Words.count(rounds.size(), "round"),
            Words.count(rounds.stream().map(TrialRound::trial).distinct().count(), "trial"),
            Words.count(summary.environment().frames().count(), "frame"));
  }

  /** Returns the line about frames that failed, if any did. */
  static Optional<String> failures(Summary summary) {
    long failed = summary.measured().failedFrames();
    return failed == 0
        ? Optional.empty()
        : Optional.of(
            "%s could not be read or decoded; predictions/ has the errors.%n"
                .formatted(Words.count(failed, "frame")));
  }

  /** Returns a note on the trials dropped in the first rounds, if there are any. */
  private static Optional<String> dropped(Summary summary) {
    long dropped = summary.trials().stream().filter(summary::isDropped).count();
    return dropped == 0
        ? Optional.empty()
        : Optional.of(
            "%s too few rounds to be ranked: the slowest are dropped in the first rounds if all would take longer than the budget (--budget)."
                .formatted(dropped == 1 ? "1 setting has" : dropped + " settings have"));
  }

  /** Returns a note on the disturbed rounds, if there are any. */
  private static Optional<String> disturbed(Summary summary) {
    List<String> rounds = new ArrayList<>();
    for (TrialSummary row : summary.rows()) {
      for (Disturbance one : row.trust().disturbed()) {
        rounds.add("%s, round %d (%s)".formatted(row.trial().id(), one.round(), one.why()));
      }
    }
    List<String> sentences = new ArrayList<>();
    if (!rounds.isEmpty()) {
      sentences.add(
          "Disturbed, left out and repeated: %s. speedup_all_rounds in summary.json has them."
              .formatted(String.join("; ", rounds)));
    }
    int kept = summary.disturbedAndKept();
    if (kept > 0) {
      sentences.add(
          "%s %s disturbed%s and %s: at most a quarter of a trial's rounds are left out."
              .formatted(
                  Words.count(kept, rounds.isEmpty() ? "round" : "more round"),
                  kept == 1 ? "was" : "were",
                  rounds.isEmpty() ? "," : " too,",
                  kept == 1 ? "counts" : "count"));
    }
    return sentences.isEmpty() ? Optional.empty() : Optional.of(String.join(" ", sentences));
  }

  /** Returns a note for each row of an external implementation. */
  private static List<String> external(Summary summary) {
    return summary.external().stream()
        .map(TrialSummary::trial)
        .map(trial -> trial.id() + ": " + Objects.requireNonNull(trial.external()).note())
        .toList();
  }

  /** Returns a warning where lanes ran on different processors. */
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

  /** Returns the line on how the numbers were computed, ended. */
  static String method(Summary summary) {
    String latency = "Latency is that of a batch's forward pass.\n";
    if (summary.serial().throughput().rounds() < Stopping.ROUNDS_FOR_INTERVAL) {
      return "Ratios are medians over %s, too few for intervals (%d are needed): a first look. "
              .formatted(
                  Words.count(summary.serial().throughput().rounds(), "round"),
                  Stopping.ROUNDS_FOR_INTERVAL)
          + latency;
    }
    long rounds = summary.trials().stream().map(t -> t.throughput().rounds()).distinct().count();
    return "Ratios are medians over the rounds, with 95 % bootstrap intervals. "
        + latency
        + (rounds == 1
            ? ""
            : "Trials have different rounds: compare their speedups, not their frames/s.\n");
  }
}
