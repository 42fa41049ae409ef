package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * How far a trial's predictions agree with the serial baseline's, over pass 0 of all rounds.
 *
 * @param same the share of frames whose results agree by the rule of the task type, ties apart;
 *     null where all are ties
 * @param maxDifference the largest numeric difference by the same rule, ties included; of
 *     classifications, in the probability of the baseline's label
 * @param compared the number of frames that were compared, ties apart
 */
public record Agreement(
    String trial, @Nullable Double same, @Nullable Double maxDifference, long compared) {
  /** Returns the agreement of a trial whose predictions were not compared. */
  static Agreement unknown(String trial) {
    return new Agreement(trial, null, null, 0);
  }
}
