package io.tandem.benchmark;

import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Drops the slowest trials of a plan whose first rounds do not fit the budget: after each of them
 * at most half, as in successive halving (Jamieson and Talwalkar, Non-stochastic Best Arm
 * Identification, 2016). Keeps the baselines, external implementations, and what differs from the
 * fastest trial in its export only, so that each export's gain and price can be reported.
 *
 * @param stopping the number of first rounds, and the budget
 * @param trialSeconds the time of one trial in the last round
 */
record Elimination(Stopping stopping, double trialSeconds) {
  /**
   * Returns the trials to continue with.
   *
   * @param round the last round
   * @param spentSeconds the time of all rounds so far
   */
  Plan apply(Plan plan, Summary soFar, int round, double spentSeconds) {
    double seconds = stopping.budgetSeconds() - spentSeconds;
    int fits = (int) (seconds / (trialSeconds * (stopping.rounds() - round)));
    int excess = Math.min(plan.trials().size() - Math.max(0, fits), plan.trials().size() / 2);
    Set<Trial> kept = kept(soFar);
    List<Trial> slowest =
        soFar.trials().stream()
            .filter(row -> plan.trials().contains(row.trial()) && !kept.contains(row.trial()))
            .sorted(Comparator.comparingDouble(row -> row.throughput().fps()))
            .map(TrialSummary::trial)
            .limit(Math.max(0, excess))
            .toList();
    List<Trial> left = new ArrayList<>(plan.trials());
    left.removeAll(slowest);
    return plan.only(new HashSet<>(left));
  }

  /** Returns whether the first rounds of a plan take longer than the budget. */
  boolean isNeeded(Plan plan, int round, double spentSeconds) {
    return stopping.isAdaptive()
        && round < stopping.rounds()
        && spentSeconds + trialSeconds * plan.trials().size() * (stopping.rounds() - round)
            > stopping.budgetSeconds();
  }

  private static Set<Trial> kept(Summary soFar) {
    Trial fastest =
        soFar.trials().stream()
            .filter(row -> row.valid() && row.keepsResults())
            .max(Comparator.comparingDouble(row -> row.throughput().fps()))
            .orElse(soFar.serial())
            .trial();
    return soFar.trials().stream()
        .map(TrialSummary::trial)
        .filter(
            trial ->
                trial.isBaseline()
                    || trial.isRepeat()
                    || trial.equals(fastest)
                    || trial.differsInExportOnly(fastest))
        .collect(Collectors.toSet());
  }
}
