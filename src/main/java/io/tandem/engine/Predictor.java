package io.tandem.engine;

/** Predicts batches. Not thread-safe: owned by one lane and its thread. */
public interface Predictor extends AutoCloseable {
  /**
   * Predicts a batch. Returns after the outputs are copied to the host.
   *
   * @throws io.tandem.model.PredictionException if the model fails on the batch
   */
  Outputs predict(Batch batch);

  @Override
  void close();
}
