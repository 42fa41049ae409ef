package io.tandem.engine;

import io.tandem.model.ModelSpec;

/** A model in the memory of one device. Safe for several threads. */
public interface LoadedModel extends AutoCloseable {
  /**
   * Opens a predictor for one lane, with native memory of its own.
   *
   * @param model the contract to predict by: settings may override what the model's files say
   */
  Predictor newPredictor(ModelSpec model, SessionOptions options);

  @Override
  void close();
}
