package io.tandem.engine;

/**
 * The {@code k} best classes of each frame of a batch, best first. Holds what came from the engine
 * in one transfer: for each frame k classes, then their k probabilities.
 */
public final class Scores {
  public static final Scores NONE = new Scores(new float[0], 0);

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

  public int k() {
    return k;
  }

  public long classOf(int frame, int rank) {
    return (long) values[2 * k * frame + rank];
  }

  public float probability(int frame, int rank) {
    return values[2 * k * frame + k + rank];
  }
}
