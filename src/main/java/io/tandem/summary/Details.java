package io.tandem.summary;

import java.util.List;

/** What pictures of a benchmark are drawn from, beside its summary. */
public record Details(
    Timeline timeline, List<ForwardTimes> forwardTimes, List<LaneShares> laneShares) {

  /**
   * How long a trial's forward passes took: the quantiles of a batch's time in microseconds, from
   * the shortest to the longest in even steps.
   */
  public record ForwardTimes(String trial, List<Double> quantilesUs) {
    public ForwardTimes {
      quantilesUs = List.copyOf(quantilesUs);
    }
  }

  /**
   * What a trial's lanes themselves did, as shares of their elapsed time: not what helper threads
   * did beside them. {@code rest} is what is left.
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
