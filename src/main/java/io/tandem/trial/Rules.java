package io.tandem.trial;

import java.util.Objects;

/**
 * Rules of a benchmark, as stored in {@code environment.json}: how often and how long a trial is
 * measured, and the limits beyond which its row is invalid. Shares are 0 to 1.
 *
 * @param minSeconds minimum time of a trial's round
 * @param minBatches minimum number of batches of a trial, over all its rounds
 * @param interference the limits beyond which a round is left out and repeated; older runs have the
 *     default ones
 * @param startSkewUs maximum difference between the start times of a trial's lanes, in microseconds
 * @param tie probability difference between a frame's top two labels below which they are a tie
 */
public record Rules(
    Stopping stopping,
    double minSeconds,
    int minBatches,
    double garbageCollection,
    InterferenceLimits interference,
    long startSkewUs,
    double tie,
    long seed) {
  public Rules {
    interference = Objects.requireNonNullElse(interference, InterferenceLimits.DEFAULT);
  }
}
