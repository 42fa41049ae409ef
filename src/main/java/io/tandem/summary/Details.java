package io.tandem.summary;

import java.util.List;

/** The data for the charts of a benchmark, in addition to its summary. */
public record Details(
    Timeline timeline, List<ForwardTimes> forwardTimes, List<LaneShares> laneShares) {

  /**
   * The quantiles of a batch's forward pass in microseconds, from the shortest to the longest in
   * even steps.
   */
  public record ForwardTimes(String trial, List<Double> quantilesUs) {
    public ForwardTimes {
      quantilesUs = List.copyOf(quantilesUs);
    }
  }

  /**
   * The phases of a trial's lanes as shares of their elapsed time, without the work of helper
   * threads; {@code rest} is the remainder.
   */
  public record LaneShares(
      String trial,
      double read,
      double decode,
      double forward,
      double output,
      double waiting,
      double rest) {}

  public Details {
    forwardTimes = List.copyOf(forwardTimes);
    laneShares = List.copyOf(laneShares);
  }
}
