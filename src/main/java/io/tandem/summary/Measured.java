package io.tandem.summary;

import io.tandem.trial.Stopping;
import java.util.List;

/**
 * The measurements of a benchmark, as queries over its columns return them.
 *
 * @param failedFrames the number of frames that failed in any trial
 * @param errors the first of them
 * @param ended whether the benchmark has ended; otherwise it was interrupted, or still runs
 */
public record Measured(
    List<TrialRound> rounds,
    List<Latency> latencies,
    List<PhaseSummary> phases,
    List<Agreement> agreements,
    List<FrameError> errors,
    long failedFrames,
    boolean ended) {
  /** Observed: starting lanes, their warm-up, and writing. */
  private static final double SECONDS_AROUND = 1;

  public Measured {
    rounds = List.copyOf(rounds);
    latencies = List.copyOf(latencies);
    phases = List.copyOf(phases);
    agreements = List.copyOf(agreements);
    errors = List.copyOf(errors);
  }

  /** Creates the measurements of a benchmark that has ended. */
  public Measured(
      List<TrialRound> rounds,
      List<Latency> latencies,
      List<PhaseSummary> phases,
      List<Agreement> agreements,
      List<FrameError> errors,
      long failedFrames) {
    this(rounds, latencies, phases, agreements, errors, failedFrames, true);
  }

  /** Returns the rounds of a trial. */
  List<TrialRound> of(String trial) {
    return rounds.stream().filter(round -> round.trial().equals(trial)).toList();
  }

  /**
   * Returns whether a trial has too few rounds for an interval while the baseline has enough: it
   * was dropped in the first rounds, because all trials would not have fitted the budget.
   */
  boolean isDropped(String trial, String baseline) {
    return of(trial).size() < Math.min(Stopping.ROUNDS_FOR_INTERVAL, of(baseline).size());
  }

  /** Returns the time of all trials in seconds, with what surrounds each. */
  double seconds() {
    return rounds.stream().mapToDouble(r -> r.work().elapsedUs() / 1e6 + SECONDS_AROUND).sum();
  }
}
