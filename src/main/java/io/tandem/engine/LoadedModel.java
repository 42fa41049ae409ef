package io.tandem.engine;

import io.tandem.model.ModelSpec;

/** A model in the memory of one device. Thread-safe. */
public interface LoadedModel extends AutoCloseable {
  /**
   * Creates a predictor for one lane, with its own native memory.
   *
   * @param model the input and output contract; settings may override that of the model files
   */
  Predictor newPredictor(ModelSpec model, SessionOptions options);

  @Override
  void close();
}
