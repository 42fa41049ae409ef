package io.tandem.lane;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import io.tandem.postprocess.Postprocessor;
import io.tandem.postprocess.Result;

/** Converts a model's outputs to results; errors name the model. */
final class Results {
  private final ModelSpec model;
  private final Postprocessor postprocessor;

  Results(ModelSpec model, Postprocessor postprocessor) {
    this.model = model;
    this.postprocessor = postprocessor;
  }

  /**
   * Returns the result of the frame at a place of the batch.
   *
   * @throws PredictionException if the outputs do not fit the model's task type
   */
  Result of(Outputs outputs, int place, Geometry geometry) {
    try {
      return postprocessor.apply(outputs, place, geometry);
    } catch (IllegalArgumentException e) {
      throw new PredictionException(
          "%s in %s fails on a batch: %s".formatted(model.file(), model.folder(), e.getMessage()),
          e);
    }
  }
}
