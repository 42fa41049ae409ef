package io.tandem.summary;

import io.tandem.trial.InterferenceLimits;
import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
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
    Typical typical = Typical.of(rounds);
    List<Disturbance> found = new ArrayList<>();
    for (TrialRound round : rounds) {
      String why = why(round.conditions().interference(), typical, rules.interference());
      if (why != null) {
        found.add(new Disturbance(round.round(), why));
      }
    }
    return found;
  }

  /**
   * Medians over a trial's rounds of what a machine may do all the time: a quota or a low frequency
   * that all rounds have is a condition of the measurement, and disturbs none of them.
   */
  private record Typical(double throttled, double gpuThrottled, double clockMhz) {
    static Typical of(Collection<TrialRound> rounds) {
      return new Typical(
          median(rounds, Interference::throttled),
          median(rounds, Interference::gpuThrottled),
          median(rounds, Interference::clockMhz));
    }

    private static double median(
        Collection<TrialRound> rounds, Function<Interference, @Nullable Double> value) {
      Double known =
          Medians.ofKnown(rounds, round -> value.apply(round.conditions().interference()));
      return known == null ? 0 : known;
    }
  }

  private static @Nullable String why(
      Interference found, Typical typical, InterferenceLimits limits) {
    if (isOver(found.foreignLoad(), limits.foreignLoad())) {
      return text("other programs used %.0f %% of the host's CPUs", percent(found.foreignLoad()));
    }
    if (isOver(found.stolen(), limits.stolen())) {
      return text("the hypervisor took %.0f %% of the host's CPUs", percent(found.stolen()));
    }
    if (isOver(found.throttled(), typical.throttled + limits.throttled())) {
      return text("the CPU quota held it back in %.0f %% of the time", percent(found.throttled()));
    }
    if (isOver(found.gpuThrottled(), typical.gpuThrottled + limits.throttled())) {
      return text(
          "the GPU lowered its clock in %.0f %% of the time, for heat or power",
          percent(found.gpuThrottled()));
    }
    Double mhz = found.clockMhz();
    if (mhz != null && mhz < typical.clockMhz * (1 - limits.clockDrop())) {
      return text("the cores ran at %.0f MHz instead of %.0f", mhz, typical.clockMhz);
    }
    Long jumpUs = found.clockJumpUs();
    if (jumpUs != null && jumpUs > limits.clockJumpUs()) {
      return text("the clock jumped by %.2f s", jumpUs / 1e6);
    }
    return null;
  }

  private static boolean isOver(@Nullable Double share, double bound) {
    return share != null && share > bound;
  }

  private static double percent(@Nullable Double share) {
    return share == null ? 0 : share * 100;
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
