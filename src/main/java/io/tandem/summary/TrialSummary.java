package io.tandem.summary;

import io.tandem.trial.Interval;
import io.tandem.trial.Trial;
import org.jspecify.annotations.Nullable;

/**
 * What one trial came to: a row of {@code speedup.csv}. Ratios are taken within a round, and their
 * median over the rounds stands here. A value that cannot be told, or not yet, is null.
 */
public record TrialSummary(
    Trial trial,
    long frames,
    int rounds,
    double throughputFps,
    @Nullable Double throughputCommonFps,
    double speedup,
    @Nullable Double speedupLow,
    @Nullable Double speedupHigh,
    @Nullable Double speedupVsAllCores,
    @Nullable Double efficiency,
    @Nullable Double latencyP50Ms,
    @Nullable Double latencyP90Ms,
    @Nullable Double latencyP95Ms,
    @Nullable Double latencyP99Ms,
    @Nullable Double latencyInflation,
    double cpuLoad,
    @Nullable Double gpuLoad,
    @Nullable Double karpFlatt,
    @Nullable Double ceilingFps,
    @Nullable Double decodeCeilingFps,
    @Nullable Double ceilingRatio,
    @Nullable Double agreement,
    @Nullable Double maxProbabilityDiff,
    boolean valid,
    @Nullable String reason,
    String placement) {

  /**
   * The speedup's 95 % interval; null for the baseline itself, and where there are too few rounds.
   */
  public @Nullable Interval interval() {
    return speedupLow == null || speedupHigh == null ? null : new Interval(speedupLow, speedupHigh);
  }
}
