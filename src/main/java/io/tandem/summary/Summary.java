package io.tandem.summary;

import java.util.List;

/**
 * A benchmark summarised: its trials in the plan's order, how many frames failed, and where it ran.
 */
public record Summary(Environment environment, List<TrialSummary> trials, long failedFrames) {

  public Summary {
    trials = List.copyOf(trials);
  }

  /** The serial baseline: one lane with one thread. */
  public TrialSummary serial() {
    return trials.get(0);
  }

  /** The trial with the highest speedup. */
  public TrialSummary fastest() {
    TrialSummary fastest = serial();
    for (TrialSummary trial : trials) {
      if (trial.speedup() > fastest.speedup()) {
        fastest = trial;
      }
    }
    return fastest;
  }
}
