package io.tandem.summary;

import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.math3.distribution.BinomialDistribution;

/** Compares a calibration's benchmarks with what they must find. */
public final class Checks {
  private static final double SPEEDUP_WITHIN = 0.05;
  private static final double SIGMA_WITHIN = 0.05;
  private static final double KAPPA_WITHIN = 0.005;

  /** The chance at which a correct instrument fails the coverage check. */
  private static final double BY_CHANCE = 0.01;

  private Checks() {}

  /** Checks lanes that take turns for a share of each prediction: speedup min(lanes, 1 / share). */
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

  /** Checks that the fit finds the Universal Scalability Law by which predictions get longer. */
  public static List<Check> scalability(
      String experiment, double sigma, double kappa, Summary summary) {
    ScalingSummary.Fit fit = summary.scaling().get(0).fit();
    Scalability found = fit == null ? new Scalability(Double.NaN, Double.NaN) : fit.law();
    return List.of(
        Check.within(experiment, "sigma", sigma, found.sigma(), SIGMA_WITHIN),
        Check.within(experiment, "kappa", kappa, found.kappa(), KAPPA_WITHIN));
  }

  /** Checks that 95 % of experiments without an effect have an interval that holds 1. */
  public static Check coverage(String experiment, List<Interval> intervals) {
    int runs = intervals.size();
    long held = intervals.stream().filter(interval -> interval.holds(1)).count();
    int least = new BinomialDistribution(runs, 0.95).inverseCumulativeProbability(BY_CHANCE);
    return new Check(experiment, "intervals that hold 1", 0.95 * runs, held, least, runs);
  }
}
