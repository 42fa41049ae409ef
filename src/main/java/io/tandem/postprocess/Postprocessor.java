package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import java.util.List;

/** The meaning of a model's outputs: the output half of a DJL translator. Safe for threads. */
public interface Postprocessor {
  /** Returns the columns of its results. */
  List<ResultColumn> columns();

  /**
   * Returns the result of one frame.
   *
   * @param outputs of the whole batch
   * @param slot the frame's place in the batch
   * @param geometry maps the model's input back to the frame's source picture
   * @throws IllegalArgumentException if the outputs do not have the shape that the task type needs
   */
  Result apply(Outputs outputs, int slot, Geometry geometry);
}
