package io.tandem.summary;

import io.tandem.trial.Rules;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Judges a trial by the benchmark's rules. Errors count in every round; disturbances, which affect
 * single rounds, count by the median over the rounds.
 */
final class Validity {
  /** The least share of frames whose result another export has to keep. */
  private static final double OTHER_EXPORT_AGREES = 0.98;

  private final Rules rules;
  private final int frames;
  private final Trial baseline;

  /**
   * @param frames how many frames the benchmark has
   */
  Validity(Rules rules, int frames, Trial baseline) {
    this.rules = rules;
    this.frames = frames;
    this.baseline = baseline;
  }

  /** Returns the rules that the trial breaks; empty where it is valid. */
  List<String> violations(Trial trial, Collection<TrialRound> rounds, Agreement agreement) {
    List<String> broken = new ArrayList<>();
    counts(rounds, broken);
    lengths(trial, rounds, broken);
    garbageCollection(rounds, broken);
    // An external trial has no start line: its time contains how far apart its tasks start. It
    // prepares
    // frames in its own way: the table shows what becomes of the answers.
    if (!trial.isExternal()) {
      starts(rounds, broken);
      answers(trial, agreement, broken);
    }
    return broken;
  }

  private void counts(Collection<TrialRound> rounds, List<String> broken) {
    long missing =
        frames - rounds.stream().mapToLong(r -> r.conditions().framesOnce()).min().orElse(0);
    long twice = rounds.stream().mapToLong(r -> r.conditions().framesTwice()).max().orElse(0);
    if (missing > 0) {
      broken.add("%d of %d frames missing".formatted(missing, frames));
    }
    if (twice > 0) {
      broken.add("%d duplicate rows of frames".formatted(twice));
    }
  }

  private void lengths(Trial trial, Collection<TrialRound> rounds, List<String> broken) {
    double shortest =
        rounds.stream().mapToLong(r -> r.conditions().shortestUs()).min().orElse(0) / 1e6;
    long batches =
        rounds.stream().mapToLong(r -> r.work().frames()).sum() / trial.lane().batchSize();
    if (shortest < rules.minSeconds()) {
      broken.add(
          text("too short: a lane ran for %.2f s (minimum %.2f s)", shortest, rules.minSeconds()));
    }
    if (batches < rules.minBatches()) {
      broken.add("too little work: %d batches (minimum %d)".formatted(batches, rules.minBatches()));
    }
  }

  private void garbageCollection(Collection<TrialRound> rounds, List<String> broken) {
    Double garbage = median(rounds, Conditions::gcShare);
    if (garbage != null && garbage > rules.garbageCollection()) {
      broken.add(
          text(
              "garbage collection took %.1f %% (over %.0f %%) of the time",
              garbage * 100, rules.garbageCollection() * 100));
    }
  }

  private void starts(Collection<TrialRound> rounds, List<String> broken) {
    Double skewUs = median(rounds, c -> c.startSkewUs() == null ? null : (double) c.startSkewUs());
    if (skewUs != null && skewUs > rules.startSkewUs()) {
      broken.add(
          text(
              "lanes started %.0f ms apart (over %.0f ms)",
              skewUs / 1e3, rules.startSkewUs() / 1e3));
    }
  }

  private void answers(Trial trial, Agreement agreement, List<String> broken) {
    Double same = agreement.same();
    double least = trial.export().equals(baseline.export()) ? 1 : OTHER_EXPORT_AGREES;
    if (same != null && same < least) {
      broken.add(
          text("only %.4f of the results agree with the baseline's (minimum %.2f)", same, least));
    }
  }

  private static @Nullable Double median(
      Collection<TrialRound> rounds, Function<Conditions, @Nullable Double> of) {
    return Medians.ofKnown(rounds, round -> of.apply(round.conditions()));
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
