package io.tandem.summary;

import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/**
 * Fits the scalability of each series of trials that differ in their concurrency only. Speedup is
 * against the series' own single lane, taken within rounds; the intervals come from resampling
 * whole rounds, all levels alike.
 */
final class ScalingFits {
  /** Fewer levels do not determine two parameters. */
  private static final int LEAST_LEVELS = 5;

  private static final int RESAMPLES = 10_000;
  private static final double LEVEL = 0.95;

  private final Map<String, Map<Integer, TrialRound>> rounds;
  private final int cores;
  private final long seed;

  /**
   * @param rounds by trial and round
   */
  ScalingFits(Map<String, Map<Integer, TrialRound>> rounds, int cores, long seed) {
    this.rounds = rounds;
    this.cores = cores;
    this.seed = seed;
  }

  List<ScalingSummary> of(Collection<Trial> trials) {
    Map<String, Map<Integer, Trial>> series = new LinkedHashMap<>();
    for (Trial trial : trials) {
      if (!trial.isRepeat()) {
        series
            .computeIfAbsent(trial.series(), name -> new TreeMap<>())
            .put(trial.concurrency(), trial);
      }
    }
    List<ScalingSummary> result = new ArrayList<>();
    series.forEach(
        (name, levels) -> {
          if (levels.size() > 1) {
            result.add(of(name, levels));
          }
        });
    return result;
  }

  private ScalingSummary of(String name, Map<Integer, Trial> levels) {
    List<Trial> usable =
        levels.values().stream()
            .filter(
                t -> t.concurrency() * t.intraOpThreads() <= Math.max(cores, t.intraOpThreads()))
            .toList();
    if (!levels.containsKey(1) || usable.size() < LEAST_LEVELS) {
      int missing = Math.max(1, LEAST_LEVELS - usable.size());
      String note =
          "not identifiable: needs %d more level%s up to the cores"
              .formatted(missing, missing == 1 ? "" : "s");
      return new ScalingSummary(name, usable.size(), null, note);
    }
    double[][] ratios = ratios(usable);
    int[] lanes = usable.stream().mapToInt(Trial::concurrency).toArray();
    Scalability fit = Scalability.fit(lanes, medians(ratios, null));
    Scalability[] resampled = resampled(lanes, ratios);
    return new ScalingSummary(
        name,
        usable.size(),
        new ScalingSummary.Fit(
            fit,
            interval(resampled, Scalability::sigma),
            interval(resampled, Scalability::kappa),
            fit.bestConcurrency(),
            interval(resampled, Scalability::bestConcurrency)),
        fit.kappa() == 0 ? "Amdahl's law (kappa = 0)" : "Universal Scalability Law");
  }

  /** Returns the speedups by level, then by the rounds that all levels have. */
  private double[][] ratios(List<Trial> levels) {
    Map<Integer, TrialRound> one = rounds(levels.get(0));
    Set<Integer> common = new TreeSet<>(one.keySet());
    levels.forEach(level -> common.retainAll(rounds(level).keySet()));
    return levels.stream()
        .map(this::rounds)
        .map(own -> common.stream().mapToDouble(r -> fps(own, r) / fps(one, r)).toArray())
        .toArray(double[][]::new);
  }

  private Map<Integer, TrialRound> rounds(Trial trial) {
    return rounds.getOrDefault(trial.id(), Map.of());
  }

  private static double fps(Map<Integer, TrialRound> of, int round) {
    return java.util.Objects.requireNonNull(of.get(round)).framesPerSecond();
  }

  private static double[] medians(double[][] ratios, int @Nullable [] drawn) {
    return Arrays.stream(ratios)
        .mapToDouble(
            level ->
                new Median()
                    .evaluate(
                        drawn == null
                            ? level
                            : Arrays.stream(drawn).mapToDouble(i -> level[i]).toArray()))
        .toArray();
  }

  /** Returns a fit for each resample; none where there are too few rounds for an interval. */
  private Scalability[] resampled(int[] lanes, double[][] ratios) {
    int n = ratios[0].length;
    if (n < Stopping.ROUNDS_FOR_INTERVAL) {
      return new Scalability[0];
    }
    SplittableRandom random = new SplittableRandom(seed);
    Scalability[] fits = new Scalability[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      int[] drawn = random.ints(n, 0, n).toArray();
      fits[i] = Scalability.fit(lanes, medians(ratios, drawn));
    }
    return fits;
  }

  private static @Nullable Interval interval(
      Scalability[] fits, ToDoubleFunction<Scalability> value) {
    if (fits.length == 0) {
      return null;
    }
    double[] values = Arrays.stream(fits).mapToDouble(value).sorted().toArray();
    return new Interval(quantile(values, (1 - LEVEL) / 2), quantile(values, (1 + LEVEL) / 2));
  }

  /** Returns the nearest rank, as values may be infinite. */
  private static double quantile(double[] sorted, double p) {
    return sorted[(int) Math.min(sorted.length - 1.0, Math.floor(p * sorted.length))];
  }
}
