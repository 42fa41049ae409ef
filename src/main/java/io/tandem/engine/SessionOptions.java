package io.tandem.engine;

/**
 * The options of a predictor session.
 *
 * @param intraOpThreads the number of threads of one forward pass
 * @param batchSize the number of frames of one forward pass
 * @param lanes the number of concurrent lanes
 */
public record SessionOptions(int intraOpThreads, int batchSize, int lanes) {
  public SessionOptions {
    if (intraOpThreads < 1 || batchSize < 1 || lanes < 1) {
      throw new IllegalArgumentException(
          "threads, batch size and lanes must be positive: %d, %d, %d"
              .formatted(intraOpThreads, batchSize, lanes));
    }
  }
}
