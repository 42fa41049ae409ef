package io.tandem.summary;

/**
 * The Universal Scalability Law: N lanes are N / (1 + sigma (N - 1) + kappa N (N - 1)) times as
 * fast as one (Gunther, Guerrilla Capacity Planning, 2007, equation 4.31). Sigma is contention,
 * kappa coherency; kappa = 0 is Amdahl's law with sigma as its serial share.
 */
public record Scalability(double sigma, double kappa) {

  /**
   * Fits the law by least squares of the relative deviations of N / speedup, which is linear in
   * both parameters: 1 + sigma (N - 1) + kappa N (N - 1). Bounded: sigma in [0, 1], kappa at least
   * 0.
   *
   * @param lanes at least two levels above 1
   * @param speedups against one lane, one for each of {@code lanes}
   */
  static Scalability fit(int[] lanes, double[] speedups) {
    double aa = 0;
    double ab = 0;
    double bb = 0;
    double ay = 0;
    double by = 0;
    for (int i = 0; i < lanes.length; i++) {
      double stretch = lanes[i] / speedups[i];
      double a = (lanes[i] - 1) / stretch;
      double b = lanes[i] * (lanes[i] - 1.0) / stretch;
      double y = (stretch - 1) / stretch;
      aa += a * a;
      ab += a * b;
      bb += b * b;
      ay += a * y;
      by += b * y;
    }
    double determinant = aa * bb - ab * ab;
    double sigma = (ay * bb - by * ab) / determinant;
    double kappa = (by * aa - ay * ab) / determinant;
    if (kappa < 0) {
      return new Scalability(clamp(ay / aa), 0);
    }
    if (sigma < 0 || sigma > 1) {
      double bound = clamp(sigma);
      return new Scalability(bound, Math.max(0, (by - bound * ab) / bb));
    }
    return new Scalability(sigma, kappa);
  }

  private static double clamp(double sigma) {
    return Math.min(1, Math.max(0, sigma));
  }

  double speedup(double lanes) {
    return lanes / (1 + sigma * (lanes - 1) + kappa * lanes * (lanes - 1));
  }

  /** Returns the concurrency from which more lanes reduce throughput; infinite if kappa is 0. */
  double bestConcurrency() {
    return kappa == 0 ? Double.POSITIVE_INFINITY : Math.max(1, Math.sqrt((1 - sigma) / kappa));
  }

  /**
   * Returns the serial share that a speedup shows (Karp and Flatt, 1990): (1/s - 1/p) / (1 - 1/p).
   * Negative where the speedup is above p.
   *
   * @param processors p, over 1
   */
  static double karpFlatt(double speedup, int processors) {
    return (1 / speedup - 1.0 / processors) / (1 - 1.0 / processors);
  }
}
