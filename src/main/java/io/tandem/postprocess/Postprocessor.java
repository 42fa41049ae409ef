package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;

/** Converts model outputs to results, like the output half of a DJL translator. Thread-safe. */
public interface Postprocessor {
  /**
   * Returns the result of one frame.
   *
   * @param outputs the outputs of the whole batch
   * @param slot the position of the frame in the batch, from 0
   * @param geometry maps coordinates of the model's input to those of the source image
   * @throws IllegalArgumentException if the shape of the outputs does not fit the task type
   */
  Result apply(Outputs outputs, int slot, Geometry geometry);
}
