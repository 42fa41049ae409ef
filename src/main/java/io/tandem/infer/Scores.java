package io.tandem.infer;

/**
 * The {@code k} best classes of each frame of a batch, best first. Holds what came from the engine
 * in one transfer: for each frame k classes, then their k probabilities.
 */
final class Scores {
  static final Scores NONE = new Scores(new float[0], 0);

  private final float[] values;
  private final int k;

  private Scores(float[] values, int k) {
    this.values = values;
    this.k = k;
  }

  /**
   * @param values [frames, 2 k], row by row; used as it is
   */
  static Scores of(float[] values, int k) {
    return new Scores(values, k);
  }

  int k() {
    return k;
  }

  long classOf(int frame, int rank) {
    return (long) values[2 * k * frame + rank];
  }

  float probability(int frame, int rank) {
    return values[2 * k * frame + k + rank];
  }
}
