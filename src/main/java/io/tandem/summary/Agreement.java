package io.tandem.summary;

import org.jspecify.annotations.Nullable;

/**
 * How far a trial's predictions are the serial baseline's, over pass 0 of all rounds: the share of
 * frames with the same label, ties apart (null where all are ties), and the largest difference in
 * the probability of the baseline's label, ties included.
 */
public record Agreement(String trial, @Nullable Double sameLabel, @Nullable Double maxDifference) {}
