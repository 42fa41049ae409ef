package io.tandem.summary;

import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.moment.Mean;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/**
 * Compares each trial with the best of the others: multiple comparisons with the best (J. C. Hsu,
 * Multiple Comparisons, 1996, section 4.2), by throughput ratios within rounds.
 *
 * <p>The interval of a pair is that of the median ratio, at a level by which all comparisons with
 * the best trial hold together in 95 % of the experiments, whichever it is (Bonferroni); then every
 * interval of this ranking holds. A fifth of the error goes to a first step, which sets aside the
 * trials that are clearly slower: the others are compared among fewer.
 */
public final class Ranking {
  /**
   * The error of one look, shared by both steps. In simulation all intervals hold in 96 to 98 % of
   * the benchmarks, looks included (VerdictLawsTest): Bonferroni's level is a bound.
   */
  private static final double ERROR = 0.05;

  private static final double FIRST_STEP = 0.2;

  /** The least number of rounds for an estimate from undisturbed ones alone. */
  private static final int ROUNDS_FOR_ESTIMATE = 3;

  private final Map<String, Map<Integer, Double>> throughputs;
  private final Map<String, Set<Integer>> disturbed;
  private final List<String> order;
  private final long seed;
  private final Map<List<Object>, Interval> intervals = new HashMap<>();
  private final Map<String, Standing> standings = new LinkedHashMap<>();

  /** The level of a pair of which both may be the best by the first step, and of other pairs. */
  private double closeLevel;

  private final double levelOfAll;
  private List<String> close = List.of();

  /**
   * What a ranking says of a trial.
   *
   * @param ratio its throughput by that of the best of the others
   * @param interval of the ratio, simultaneous for all trials
   * @param mayBeBest whether no other trial is faster beyond noise
   */
  public record Standing(double ratio, Interval interval, boolean mayBeBest) {}

  private Ranking(
      Map<String, Map<Integer, Double>> throughputs,
      Map<String, Set<Integer>> disturbed,
      long seed) {
    this.throughputs = throughputs;
    this.disturbed = disturbed;
    this.order = List.copyOf(throughputs.keySet());
    this.seed = seed;
    this.levelOfAll = 1 - FIRST_STEP * ERROR / Math.max(1, order.size() - 1);
    this.closeLevel = levelOfAll;
  }

  /**
   * Ranks trials.
   *
   * @param throughputs frames/s by trial and round
   * @param disturbed the disturbed ones of these rounds, by trial
   * @return null if two of them share fewer than six rounds, or there is only one
   */
  static @Nullable Ranking of(
      Map<String, Map<Integer, Double>> throughputs,
      Map<String, Set<Integer>> disturbed,
      long seed) {
    Ranking ranking = new Ranking(throughputs, disturbed, seed);
    return ranking.isKnown() ? ranking.ranked() : null;
  }

  private boolean isKnown() {
    return order.size() > 1
        && order.stream()
            .allMatch(
                trial ->
                    others(trial, order).stream()
                        .allMatch(
                            other ->
                                logRatios(trial, other).length >= Stopping.ROUNDS_FOR_INTERVAL));
  }

  private Ranking ranked() {
    close = notSlower(order);
    closeLevel = 1 - (1 - FIRST_STEP) * ERROR / Math.max(1, close.size() - 1);
    List<String> best = notSlower(close);
    for (String trial : order) {
      standings.put(trial, standing(trial, best));
    }
    return this;
  }

  private List<String> notSlower(List<String> trials) {
    return trials.stream()
        .filter(trial -> others(trial, trials).stream().noneMatch(o -> isSlower(trial, o)))
        .toList();
  }

  /** Returns whether a trial is slower than another beyond noise. */
  boolean isSlower(String trial, String other) {
    return interval(trial, other).high() < 1;
  }

  private Standing standing(String trial, List<String> best) {
    double ratio = Double.MAX_VALUE;
    for (String other : others(trial, order)) {
      ratio = Math.min(ratio, ratio(trial, other));
    }
    boolean mayBeBest = best.contains(trial);
    List<String> rivals = others(trial, best);
    if (rivals.isEmpty()) { // It is the best: how far ahead is it?
      rivals = others(trial, order);
    }
    double low = Double.MAX_VALUE;
    double high = mayBeBest ? Double.MAX_VALUE : 0;
    for (String rival : rivals) {
      Interval interval = interval(trial, rival);
      low = Math.min(low, interval.low());
      high = mayBeBest ? Math.min(high, interval.high()) : Math.max(high, interval.high());
    }
    return new Standing(ratio, new Interval(low, mayBeBest ? high : Math.min(1, high)), mayBeBest);
  }

  private static List<String> others(String trial, Collection<String> of) {
    List<String> others = new ArrayList<>(of);
    others.remove(trial);
    return others;
  }

  /**
   * Returns the throughput of a trial by that of another: the estimate of Hodges and Lehmann, the
   * median of the pairwise means of the logarithms, which needs fewer rounds than their median. Of
   * the rounds in which neither was disturbed, if there are three: where more rounds were disturbed
   * than may be left out, an estimate does without them, and the intervals have them.
   */
  double ratio(String of, String to) {
    Set<Integer> out = new HashSet<>(disturbed.getOrDefault(of, Set.of()));
    out.addAll(disturbed.getOrDefault(to, Set.of()));
    double[] quiet = logRatios(of, to, out);
    double[] logs = quiet.length >= ROUNDS_FOR_ESTIMATE ? quiet : logRatios(of, to);
    double[] means = new double[logs.length * (logs.length + 1) / 2];
    int next = 0;
    for (int i = 0; i < logs.length; i++) {
      for (int j = i; j < logs.length; j++) {
        means[next++] = (logs[i] + logs[j]) / 2;
      }
    }
    return Math.exp(new Median().evaluate(means));
  }

  /** The interval of one ratio is the other's inverse. */
  private Interval interval(String of, String to) {
    if (order.indexOf(of) > order.indexOf(to)) {
      Interval inverse = interval(to, of);
      return new Interval(1 / inverse.high(), 1 / inverse.low());
    }
    double level = close.contains(of) && close.contains(to) ? closeLevel : levelOfAll;
    return intervals.computeIfAbsent(
        List.of(of, to, level),
        pair -> {
          Interval logs = interval(logRatios(of, to), level);
          return new Interval(Math.exp(logs.low()), Math.exp(logs.high()));
        });
  }

  /**
   * Returns the interval of the logarithms' median. Few values do not reach a high level, as the
   * chance that all are on one side of the median is 2 / 2^n: then Student's interval is added.
   */
  private Interval interval(double[] logs, double level) {
    Interval median = MedianBootstrap.interval(logs, level, seed);
    if (Math.pow(2, 1 - logs.length) <= 1 - level) {
      return median;
    }
    double mean = new Mean().evaluate(logs);
    double half =
        new TDistribution(logs.length - 1).inverseCumulativeProbability((1 + level) / 2)
            * new StandardDeviation().evaluate(logs)
            / Math.sqrt(logs.length);
    return new Interval(Math.min(median.low(), mean - half), Math.max(median.high(), mean + half));
  }

  private double[] logRatios(String of, String to) {
    return logRatios(of, to, Set.of());
  }

  private double[] logRatios(String of, String to, Set<Integer> without) {
    Map<Integer, Double> own = throughputs.getOrDefault(of, Map.of());
    Map<Integer, Double> others = throughputs.getOrDefault(to, Map.of());
    return own.entrySet().stream()
        .filter(round -> !without.contains(round.getKey()))
        .flatMapToDouble(
            round -> {
              Double other = others.get(round.getKey());
              return other == null
                  ? DoubleStream.empty()
                  : DoubleStream.of(Math.log(round.getValue() / other));
            })
        .toArray();
  }

  /** Returns the standing of a trial; null if it is not ranked. */
  public @Nullable Standing standing(String trial) {
    return standings.get(trial);
  }
}
