package io.tandem.summary;

import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A round of a trial in which something else took the machine: more than the rules allow, whatever
 * the result was.
 *
 * @param why what took it, with the share
 */
public record Disturbance(int round, String why) {

  /**
   * Returns the rounds to leave out: the first disturbed ones, at most a quarter of all, and none
   * that an interval needs. A machine that is disturbed more often is a noisy one, and its noise
   * belongs to the result.
   *
   * @param rounds all rounds of a trial, in order
   */
  static List<Disturbance> of(Collection<TrialRound> rounds, Rules rules) {
    int most =
        rounds.size() < Stopping.ROUNDS_FOR_INTERVAL
            ? 0
            : Math.min(
                Stopping.mostRepeats(rounds.size()), rounds.size() - Stopping.ROUNDS_FOR_INTERVAL);
    return all(rounds, rules).stream().limit(most).toList();
  }

  /** Returns all disturbed rounds of a trial. */
  static List<Disturbance> all(Collection<TrialRound> rounds, Rules rules) {
    List<Disturbance> found = new ArrayList<>();
    for (TrialRound round : rounds) {
      String why = why(round.conditions(), rules);
      if (why != null) {
        found.add(new Disturbance(round.round(), why));
      }
    }
    return found;
  }

  private static @Nullable String why(Conditions conditions, Rules rules) {
    String foreign = over(conditions.foreignLoad(), rules.foreignLoad(), "other programs used");
    return foreign != null
        ? foreign
        : over(conditions.stolen(), rules.stolen(), "the hypervisor took");
  }

  private static @Nullable String over(@Nullable Double share, double bound, String what) {
    return share == null || share <= bound
        ? null
        : String.format(Locale.ROOT, "%s %.0f %% of the host's CPUs", what, share * 100);
  }
}
