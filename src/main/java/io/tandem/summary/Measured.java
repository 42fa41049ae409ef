package io.tandem.summary;

import java.util.List;

/**
 * The measurements of a benchmark, as queries over its columns return them.
 *
 * @param failedFrames the number of frames that failed in any trial
 * @param errors the first of them
 */
public record Measured(
    List<TrialRound> rounds,
    List<Latency> latencies,
    List<PhaseSummary> phases,
    List<Agreement> agreements,
    List<FrameError> errors,
    long failedFrames) {
  public Measured {
    rounds = List.copyOf(rounds);
    latencies = List.copyOf(latencies);
    phases = List.copyOf(phases);
    agreements = List.copyOf(agreements);
    errors = List.copyOf(errors);
  }
}
