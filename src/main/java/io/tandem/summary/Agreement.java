package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * How far a trial's predictions agree with the serial baseline's, over pass 0 of all rounds.
 *
 * @param sameLabel the share of frames with the same label, ties apart; null where all are ties
 * @param maxDifference the largest difference in the probability of the baseline's label, ties
 *     included
 */
public record Agreement(String trial, @Nullable Double sameLabel, @Nullable Double maxDifference) {
  /** Returns the agreement of a trial whose predictions were not compared. */
  static Agreement unknown(String trial) {
    return new Agreement(trial, null, null);
  }
}
