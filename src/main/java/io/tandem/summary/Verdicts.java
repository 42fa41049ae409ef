package io.tandem.summary;

import io.tandem.conf.Export;
import io.tandem.summary.Verdict.Limit;
import io.tandem.text.Words;
import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes the verdict: what to do and the gain, the limit by {@link Limits}, what else was observed,
 * what is not settled, and the next step.
 */
final class Verdicts {
  /** A longer time is not worth a number. */
  private static final double MOST_MINUTES = 120;

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
      return new Verdict(
          Limit.TOO_LITTLE_TO_TELL,
          List.of(inconclusive.get()),
          best.valid() ? List.of("So far: " + lowerFirst(advice())) : List.of());
    }
    Limit limit = Limits.of(summary.environment(), findings);
    Observations observations = new Observations(summary, findings);
    List<String> reasons = new ArrayList<>(observations.sentences());
    unsettled().ifPresent(reasons::add);
    reasons.add(duration());
    reasons.addAll(observations.prices());
    reasons.add("Next step: " + new NextStep(findings).after(limit) + ".");
    return new Verdict(
        limit,
        List.of(advice(), new LimitText(summary.environment(), findings).of(limit)),
        reasons);
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
    if (summary.ranking() != null) {
      return Optional.empty();
    }
    long valid = summary.trials().stream().filter(TrialSummary::valid).count();
    return Optional.of(
        valid == 1
            ? "Inconclusive: there is only one valid trial."
            : "Inconclusive: two of the %d valid trials share fewer than %d rounds."
                .formatted(valid, Stopping.ROUNDS_FOR_INTERVAL));
  }

  private String advice() {
    String run = "Run " + setting(best.trial());
    if (best.equals(summary.serial())) {
      return run
          + ": nothing that was measured is faster"
          + (others().isEmpty() ? "." : " beyond noise.");
    }
    Interval interval = best.speedup().interval();
    return text(
        "%s: %.2f%s times as fast as one at a time%s.",
        run,
        best.speedup().median(),
        interval == null ? "" : text(" (%.2f to %.2f)", interval.low(), interval.high()),
        baseline());
  }

  /** Returns what else the serial baseline has that the best trial does not. */
  private String baseline() {
    Export export = summary.serial().trial().export();
    List<String> other = new ArrayList<>();
    if (best.trial().intraOpThreads() > 1) {
      other.add("one thread");
    }
    if (!best.trial().export().equals(export)) {
      other.add("the export " + export);
    }
    return other.isEmpty() ? "" : " with " + String.join(" and ", other);
  }

  /** Returns the setting in words, with the dimensions in which the trials differ. */
  private String setting(Trial t) {
    StringBuilder words = new StringBuilder();
    words.append(t.concurrency() == 1 ? "one prediction" : t.concurrency() + " predictions");
    words.append(" at a time");
    if (t.intraOpThreads() > 1) {
      words.append(
          ", with %d threads%s".formatted(t.intraOpThreads(), t.concurrency() == 1 ? "" : " each"));
    }
    if (findings.isMeasured(Trial::batchSize)) {
      words.append(", in batches of " + t.batchSize());
    }
    if (findings.isMeasured(Trial::export)) {
      words.append(", with the export " + t.export());
    }
    if (findings.isMeasured(Trial::device)) {
      words.append(", on the " + t.device().name());
    }
    return words.toString();
  }

  /** Returns the other trials that may be the best. */
  private List<TrialSummary> others() {
    return summary.contenders().stream().filter(t -> !t.equals(best)).toList();
  }

  private Optional<String> unsettled() {
    List<TrialSummary> others = others();
    if (others.isEmpty()) {
      return Optional.empty();
    }
    String rivals = others.stream().map(t -> setting(t.trial())).collect(Collectors.joining("; "));
    String told = "The rounds do not distinguish it from %s".formatted(rivals);
    if (summary.recommended().isSettled()) {
      return Optional.of(
          told + ": it surely has 97 % of their throughput, with fewer threads or shorter calls.");
    }
    Ranking.Standing standing = Objects.requireNonNull(summary.standing(best));
    return Optional.of(
        text(
            "%s, and this is not settled: it may be slower than the best of them by up to %.0f %%.%s",
            told, (1 - standing.interval().low()) * 100, moreTime(standing)));
  }

  /**
   * Says how much longer a benchmark would settle it, if its ratio to the best stays: the interval
   * narrows with the square root of the rounds.
   */
  private String moreTime(Ranking.Standing standing) {
    double margin = Math.log(standing.ratio() / Recommendation.ENOUGH);
    if (margin <= 0) {
      return "";
    }
    double times = Math.pow(Math.log(standing.ratio() / standing.interval().low()) / margin, 2);
    double minutes = (times - 1) * summary.measured().seconds() / 60;
    return minutes > MOST_MINUTES
        ? " It would take hours to settle."
        : " About %s more would settle it (--budget)."
            .formatted(Words.count((long) Math.ceil(minutes), "minute"));
  }

  private String duration() {
    Interval hours = best.throughput().hoursInterval();
    return text(
        "A million such frames take %.2f hours with it%s.",
        best.throughput().hoursPerMillion(),
        hours == null ? "" : text(" (%.2f to %.2f)", hours.low(), hours.high()));
  }

  private static String lowerFirst(String text) {
    return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
