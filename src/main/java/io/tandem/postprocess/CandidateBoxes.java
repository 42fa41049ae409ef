package io.tandem.postprocess;

import org.jspecify.annotations.Nullable;

/** The boxes that a detector proposes for one frame, before any is decoded. */
interface CandidateBoxes {
  /** Returns the scores as the model gives them. */
  Scores scores();

  /**
   * Scores of boxes.
   *
   * @param grid a value for each box and class
   * @param objectness a value for each box, which multiplies those of its classes; null if there is
   *     none
   */
  record Scores(Grid grid, int boxes, int classes, @Nullable Grid objectness) {}

  /** Returns whether a score can be the middle of an object. */
  default boolean isPeak(int box, int column) {
    return true;
  }

  /**
   * Returns the class of a box.
   *
   * @param column the class of the score
   * @throws InvalidResultException if the model gives a class that does not exist
   */
  default int label(int box, int column) {
    return column;
  }

  /** Writes left, top, right and bottom of a box, in pixels of the model's input. */
  void decode(int box, float[] into, int at);

  /** Returns a sentence about boxes that are probably a mistake; null if there are none. */
  default @Nullable String doubt() {
    return null;
  }
}
