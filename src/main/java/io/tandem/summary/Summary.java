package io.tandem.summary;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;

/**
 * A benchmark summarised: its trials in the plan's order, how many frames failed, and where it ran.
 */
public record Summary(Environment environment, List<TrialSummary> trials, long failedFrames) {

  /** Differences of this share are not told apart on shared cores. */
  private static final double NOISE = 0.05;

  public Summary {
    trials = List.copyOf(trials);
  }

  /** The serial baseline: one lane with one thread. */
  public TrialSummary serial() {
    return trials.get(0);
  }

  /** The trial with the highest speedup. */
  public TrialSummary fastest() {
    return Collections.max(trials, Comparator.comparingDouble(TrialSummary::speedup));
  }

  /**
   * The trial to take: of those as fast as the fastest, but for noise, the one that asks for the
   * fewest threads; among these, the one with the shortest latency.
   */
  public TrialSummary best() {
    double enough = fastest().speedup() * (1 - NOISE);
    return trials.stream()
        .filter(trial -> trial.speedup() >= enough)
        .min(
            Comparator.comparingInt(
                    (TrialSummary t) -> t.trial().concurrency() * t.trial().intraOpThreads())
                .thenComparingDouble(
                    t -> Objects.requireNonNullElse(t.latencyP50Ms(), Double.MAX_VALUE)))
        .orElseThrow();
  }
}
