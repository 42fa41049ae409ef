package io.tandem.summary;

import io.tandem.conf.Export;
import io.tandem.trial.Environment;
import io.tandem.trial.Trial;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A benchmark summarised: where it ran, its trials in the plan's order, and what was measured. A
 * trial of another implementation is there to be compared with, and takes no part in what is
 * concluded.
 */
public record Summary(
    Environment environment,
    List<TrialSummary> trials,
    List<TrialSummary> external,
    List<ScalingSummary> scaling,
    @Nullable Ranking ranking,
    Measured measured) {

  public Summary {
    trials = List.copyOf(trials);
    external = List.copyOf(external);
    scaling = List.copyOf(scaling);
  }

  /** Returns all rows of its tables: the trials, then the external ones. */
  public List<TrialSummary> rows() {
    return Stream.concat(trials.stream(), external.stream()).toList();
  }

  /** Returns the serial baseline. */
  public TrialSummary serial() {
    return trials.get(0);
  }

  /**
   * Returns the trial with the highest speedup of those that may be the best; without a ranking, of
   * the valid ones, or of all where none is valid.
   */
  public TrialSummary fastest() {
    List<TrialSummary> best = eligible().stream().filter(this::mayBeBest).toList();
    return Collections.max(
        best.isEmpty() ? eligible() : best, Comparator.comparingDouble(t -> t.speedup().median()));
  }

  /**
   * Returns the trials to choose from: the valid ones with the baseline's results, or all where
   * none is valid.
   */
  private List<TrialSummary> eligible() {
    List<TrialSummary> valid =
        trials.stream()
            .filter(t -> t.valid() && t.keepsResults() && !t.trial().isRepeat() && !isDropped(t))
            .toList();
    return valid.isEmpty() ? trials : valid;
  }

  /**
   * Returns the valid trials with some other results that have a higher speedup than the best one:
   * of each export the fastest, in the plan's order.
   */
  public List<TrialSummary> fasterWithOtherResults() {
    double best = best().speedup().median();
    Map<Export, TrialSummary> fastest = new LinkedHashMap<>();
    for (TrialSummary trial : trials) {
      if (trial.valid()
          && !trial.keepsResults()
          && !isDropped(trial)
          && trial.speedup().median() > best) {
        fastest.merge(
            trial.trial().export(),
            trial,
            (a, b) -> a.speedup().median() >= b.speedup().median() ? a : b);
      }
    }
    return List.copyOf(fastest.values());
  }

  /** Returns what the ranking says of a trial; null if it is not ranked. */
  public Ranking.@Nullable Standing standing(TrialSummary trial) {
    return ranking == null ? null : ranking.standing(trial.trial().id());
  }

  private boolean mayBeBest(TrialSummary trial) {
    Ranking.Standing standing = standing(trial);
    return standing == null || standing.mayBeBest();
  }

  /** Returns whether a trial was dropped in the first rounds, and is not ranked. */
  public boolean isDropped(TrialSummary trial) {
    return measured.isDropped(trial.trial().id(), serial().trial().id());
  }

  /** Returns the trials that may be the best, in the plan's order; empty without a ranking. */
  public List<TrialSummary> contenders() {
    return ranking == null ? List.of() : eligible().stream().filter(this::mayBeBest).toList();
  }

  /** Returns the conclusion: the best trial, its limit, and the next step. */
  public Verdict verdict() {
    return Verdicts.of(this);
  }

  /** Returns whether no valid trial has both more frames/s and a shorter forward pass. */
  public boolean isOnFrontier(TrialSummary trial) {
    return trial.valid()
        && !isDropped(trial)
        && eligible().stream()
            .noneMatch(
                other ->
                    other.throughput().fps() > trial.throughput().fps()
                        && latency(other) < latency(trial));
  }

  /** Returns the best trial and those that differ in this dimension only, in the plan's order. */
  public List<TrialSummary> besides(Function<Trial, Object> dimension) {
    TrialSummary best = best();
    return trials.stream()
        .filter(t -> t.equals(best) || Findings.differOnlyIn(dimension, t.trial(), best.trial()))
        .toList();
  }

  private static double latency(TrialSummary trial) {
    return Objects.requireNonNullElse(trial.latency().p50(), Double.MAX_VALUE);
  }

  /**
   * Returns the rows that more rounds would tell more of: while the recommended trial is not
   * settled, those that may be the best; then each whose speedup is looked at and not narrow.
   */
  public List<TrialSummary> undecided() {
    if (ranking == null && trials.stream().filter(TrialSummary::valid).count() > 2) {
      return rows();
    }
    Recommendation recommended = recommended();
    List<TrialSummary> rivals = recommended.isSettled() ? List.of() : contenders();
    List<TrialSummary> priced = fasterWithOtherResults();
    return rows().stream()
        .filter(
            row ->
                rivals.contains(row)
                    || ((isLookedAt(row, recommended) || priced.contains(row)) && isWide(row)))
        .toList();
  }

  private static boolean isLookedAt(TrialSummary row, Recommendation recommended) {
    return row.equals(recommended.trial()) || row.trial().isExternal() || row.trial().isRepeat();
  }

  private static boolean isWide(TrialSummary row) {
    return row.speedup().interval() != null && !row.speedup().isNarrow();
  }

  /** Returns the rounds of a row that are not left out, by number. */
  Map<Integer, TrialRound> rounds(TrialSummary row) {
    Set<Integer> out =
        row.trust().disturbed().stream().map(Disturbance::round).collect(Collectors.toSet());
    Map<Integer, TrialRound> kept = new TreeMap<>();
    for (TrialRound round : measured.of(row.trial().id())) {
      if (!out.contains(round.round())) {
        kept.put(round.round(), round);
      }
    }
    return kept;
  }

  /** Returns how many rounds were disturbed of the trial with the most, left out or not. */
  public int mostDisturbed() {
    return rows().stream()
        .map(row -> row.trial().id())
        .mapToInt(id -> Disturbance.all(measured.of(id), environment.rules()).size())
        .max()
        .orElse(0);
  }

  /** Returns how many disturbed rounds of all trials are not left out. */
  public int disturbedAndKept() {
    return rows().stream()
        .mapToInt(
            row ->
                Disturbance.all(measured.of(row.trial().id()), environment.rules()).size()
                    - row.trust().disturbed().size())
        .sum();
  }

  /** Returns the trial to use. */
  public Recommendation recommended() {
    return Recommendation.of(eligible(), fastest(), ranking, environment.cores());
  }

  /** Returns the recommended trial. */
  public TrialSummary best() {
    return recommended().trial();
  }
}
