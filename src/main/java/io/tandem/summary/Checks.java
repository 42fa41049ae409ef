package io.tandem.summary;

import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;

/** What a calibration's benchmarks must find. */
public final class Checks {
  private static final double SPEEDUP_WITHIN = 0.05;
  private static final double SIGMA_WITHIN = 0.05;
  private static final double KAPPA_WITHIN = 0.005;

  /**
   * An honest instrument fails the coverage of few runs by chance once in a hundred calibrations.
   */
  private static final double BY_CHANCE = 0.01;

  private Checks() {}

  /** Lanes that take turns for a share of each prediction: min(lanes, 1 / share) times as fast. */
  public static List<Check> locked(String experiment, double share, Summary summary) {
    List<Check> checks = new ArrayList<>();
    for (TrialSummary trial : summary.trials()) {
      int lanes = trial.trial().concurrency();
      double known = share == 0 ? lanes : Math.min(lanes, 1 / share);
      checks.add(
          Check.within(
              experiment,
              "speedup of " + lanes,
              known,
              trial.speedup().median(),
              SPEEDUP_WITHIN * known));
    }
    return checks;
  }

  /** Predictions that get longer by the Universal Scalability Law: the fit must find it again. */
  public static List<Check> scalability(
      String experiment, double sigma, double kappa, Summary summary) {
    ScalingSummary.Fit fit = summary.scaling().get(0).fit();
    Scalability found = fit == null ? new Scalability(Double.NaN, Double.NaN) : fit.law();
    return List.of(
        Check.within(experiment, "sigma", sigma, found.sigma(), SIGMA_WITHIN),
        Check.within(experiment, "kappa", kappa, found.kappa(), KAPPA_WITHIN));
  }

  /** Of so many experiments without any effect, 95 % should have an interval that holds 1. */
  public static Check coverage(String experiment, List<Interval> intervals) {
    int runs = intervals.size();
    long held = intervals.stream().filter(interval -> interval.holds(1)).count();
    int least = new BinomialDistribution(runs, 0.95).inverseCumulativeProbability(BY_CHANCE);
    return new Check(experiment, "intervals that hold 1", 0.95 * runs, held, least, runs);
  }
}
