package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import org.jspecify.annotations.Nullable;

/** Converts model outputs to results, like the output half of a DJL translator. Thread-safe. */
public interface Postprocessor {
  /**
   * Returns the result of one frame.
   *
   * @param outputs the outputs of the whole batch
   * @param slot the position of the frame in the batch, from 0
   * @param geometry maps coordinates of the model's input to those of the source image
   * @throws IllegalArgumentException if the shape of the outputs does not fit the task type
   * @throws InvalidResultException if the values of this frame are no result, such as NaN
   */
  Result apply(Outputs outputs, int slot, Geometry geometry);

  /**
   * Returns a sentence about values that are possible but probably a mistake of the model's
   * properties; null if there are none. Called before the first frame, with the outputs of a batch.
   *
   * @throws InvalidResultException if finite values contradict the model's properties
   */
  default @Nullable String doubt(Outputs outputs, int slot) {
    return null;
  }
}
