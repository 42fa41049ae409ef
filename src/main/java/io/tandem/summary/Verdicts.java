package io.tandem.summary;

import io.tandem.summary.Verdict.Limit;
import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Writes the verdict: the best trial, its limit by {@link Limits}, what else was observed, and the
 * next step.
 */
final class Verdicts {
  private final Summary summary;
  private final Findings findings;
  private final TrialSummary best;

  private Verdicts(Summary summary) {
    this.summary = summary;
    this.findings = new Findings(summary);
    this.best = findings.best();
  }

  /** Returns the verdict of a summary. */
  static Verdict of(Summary summary) {
    return new Verdicts(summary).verdict();
  }

  private Verdict verdict() {
    Optional<String> inconclusive = inconclusive();
    if (inconclusive.isPresent()) {
      Stream<String> first = best.valid() ? Stream.of(best("Preliminary best")) : Stream.of();
      return new Verdict(
          Limit.TOO_LITTLE_TO_TELL, Stream.concat(inconclusive.stream(), first).toList());
    }
    Limit limit = Limits.of(summary.environment(), findings);
    List<String> sentences = new ArrayList<>();
    sentences.add(best("Best"));
    sentences.add(new LimitText(summary.environment(), findings).of(limit));
    sentences.addAll(new Observations(summary, findings).sentences());
    sentences.add("Next step: " + new NextStep(summary.environment(), findings).after(limit) + ".");
    return new Verdict(limit, sentences);
  }

  private Optional<String> inconclusive() {
    int rounds = summary.serial().throughput().rounds();
    if (summary.trials().stream().noneMatch(TrialSummary::valid)) {
      return Optional.of(
          "Inconclusive: no row is valid. %s: %s."
              .formatted(summary.serial().trial().id(), summary.serial().reason()));
    }
    if (rounds < Stopping.ROUNDS_FOR_INTERVAL) {
      return Optional.of(
          "Inconclusive: %d of at least %d rounds."
              .formatted(rounds, Stopping.ROUNDS_FOR_INTERVAL));
    }
    return summary.trials().size() == 1
        ? Optional.of("Inconclusive: there is only one trial.")
        : Optional.empty();
  }

  private String best(String heading) {
    if (best.equals(summary.serial())) {
      return "Nothing was faster than the serial baseline.";
    }
    Interval interval = best.speedup().interval();
    Double vsAllCores = best.speedup().vsAllCores();
    return text(
        "%s: %s: %.2f%s times as fast as the serial baseline%s.",
        heading,
        findings.name(best.trial()),
        best.speedup().median(),
        interval == null ? "" : text(" (%.2f to %.2f)", interval.low(), interval.high()),
        vsAllCores == null ? "" : text(", %.2f times the all-core baseline", vsAllCores));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
