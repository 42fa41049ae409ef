package io.tandem.lane;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.Postprocessor;
import io.tandem.postprocess.Result;
import org.jspecify.annotations.Nullable;

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
   * @throws InvalidResultException if the values of this frame are no result
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

  /**
   * Returns a sentence about values that are probably a mistake; null if there are none.
   *
   * @throws PredictionException if the values contradict the model's properties
   */
  @Nullable String doubt(Outputs outputs, int place) {
    try {
      String doubt = postprocessor.doubt(outputs, place);
      return doubt == null ? null : "%s in %s: %s".formatted(model.file(), model.folder(), doubt);
    } catch (InvalidResultException e) {
      throw new PredictionException(
          "%s in %s: %s".formatted(model.file(), model.folder(), e.getMessage()), e);
    }
  }
}
