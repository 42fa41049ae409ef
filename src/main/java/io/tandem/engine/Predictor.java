package io.tandem.engine;

/** Predicts batch by batch; belongs to one lane, and to its thread. */
public interface Predictor extends AutoCloseable {
  /**
   * Predicts a batch. Returns when the outputs are on the host, also if a GPU computed them.
   *
   * @throws io.tandem.model.PredictionException if the model fails on the batch
   */
  Outputs predict(Batch batch);

  @Override
  void close();
}
