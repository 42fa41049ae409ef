package io.tandem.summary;

/**
 * One phase of a trial's work, over all rounds. The phase {@code wait} is a frame's wait for its
 * batch, {@code lane_wait} the lane's for its helpers (count and percentiles a lane and round).
 *
 * @param share the phase's total by the lanes' elapsed time; phases of helper threads run parallel
 *     to the lane, so shares may add up to more than 1
 */
public record PhaseSummary(String trial, String phase, long count, double share, Times us) {

  /** Total, mean and percentiles of a phase in microseconds. */
  public record Times(long total, double mean, double p50, double p95) {}
}
