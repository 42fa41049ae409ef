package io.tandem.engine;

/**
 * How lanes use a loaded model.
 *
 * @param intraOpThreads the threads within one forward pass
 * @param batchSize the frames of one forward pass
 * @param lanes how many lanes work at the same time
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
