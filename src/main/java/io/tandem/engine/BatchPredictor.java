package io.tandem.engine;

import java.nio.ByteBuffer;

/** Predicts one batch; belongs to one lane, and to its thread. */
public interface BatchPredictor extends AutoCloseable {

  /**
   * Returns when the result is on the host, also where the work was done on a GPU.
   *
   * @param pixels a direct buffer of uint8 RGB, [batch size, height, width, 3] from its start
   */
  Scores predict(ByteBuffer pixels);

  @Override
  void close();
}
