package io.tandem.summary;

import io.tandem.trial.Environment;
import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/**
 * Two runs side by side: the trials that both have. The runs' rounds are not pairs, so the interval
 * of a ratio comes from resampling the rounds of each run separately.
 */
public record Comparison(Environment first, Environment second, List<Row> rows, Repeats repeats) {
  private static final int RESAMPLES = 10_000;

  /**
   * One trial in both runs: frames/s (medians), the second's by the first's with its 95 % interval
   * (null under six rounds), and the ratio of the forward pass's p50.
   */
  public record Row(
      String trial,
      double firstFps,
      double secondFps,
      double ratio,
      @Nullable Interval interval,
      @Nullable Double latencyRatio,
      boolean valid) {

    /** Returns whether noise within the runs does not explain the difference. */
    public boolean isBeyondNoise() {
      return interval != null && !interval.holds(1);
    }
  }

  /** The A/A repeat of each run: the serial baseline against itself; null where it has none. */
  public record Repeats(
      TrialSummary.@Nullable Speedup first, TrialSummary.@Nullable Speedup second) {
    private static TrialSummary.@Nullable Speedup of(Summary run) {
      return run.trials().stream()
          .filter(t -> t.trial().isRepeat())
          .map(TrialSummary::speedup)
          .findFirst()
          .orElse(null);
    }
  }

  public Comparison {
    rows = List.copyOf(rows);
  }

  /** Compares the trials that both runs have. */
  public static Comparison of(Summary first, Summary second) {
    Map<String, double[]> firstFps = fps(first);
    Map<String, double[]> secondFps = fps(second);
    List<Row> rows = new ArrayList<>();
    for (TrialSummary trial : first.rows()) {
      for (TrialSummary other : second.rows()) {
        if (trial.trial().isLike(other.trial())) {
          String id = trial.trial().id();
          rows.add(
              row(
                  trial,
                  other,
                  Objects.requireNonNull(firstFps.get(id)),
                  Objects.requireNonNull(secondFps.get(id)),
                  first.environment().rules().seed()));
        }
      }
    }
    return new Comparison(
        first.environment(),
        second.environment(),
        rows,
        new Repeats(Repeats.of(first), Repeats.of(second)));
  }

  /** Returns why the runs cannot be compared; null where they can. */
  public static @Nullable String difference(Environment first, Environment second) {
    if (!first.model().fingerprint().equals(second.model().fingerprint())) {
      return "different models: %s (%.12s) and %s (%.12s)"
          .formatted(
              first.model().folder(),
              first.model().fingerprint(),
              second.model().folder(),
              second.model().fingerprint());
    }
    if (first.frames().count() != second.frames().count()
        || first.frames().bytes() != second.frames().bytes()) {
      return "different frames: %d of %d bytes and %d of %d bytes"
          .formatted(
              first.frames().count(),
              first.frames().bytes(),
              second.frames().count(),
              second.frames().bytes());
    }
    return null;
  }

  /** Returns the trials whose ratio is below the bound, intervals included. */
  public List<Row> below(double bound) {
    return rows.stream()
        .filter(row -> row.interval() == null ? row.ratio() < bound : row.interval().high() < bound)
        .toList();
  }

  private static Row row(
      TrialSummary first, TrialSummary second, double[] a, double[] b, long seed) {
    Double before = first.latency().p50();
    Double after = second.latency().p50();
    boolean enough = Math.min(a.length, b.length) >= Stopping.ROUNDS_FOR_INTERVAL;
    return new Row(
        first.trial().id(),
        first.throughput().fps(),
        second.throughput().fps(),
        new Median().evaluate(b) / new Median().evaluate(a),
        enough ? interval(a, b, seed) : null,
        before == null || after == null ? null : after / before,
        first.valid() && second.valid());
  }

  private static Map<String, double[]> fps(Summary of) {
    Map<String, double[]> fps = new HashMap<>();
    for (TrialSummary row : of.rows()) {
      fps.put(
          row.trial().id(),
          of.rounds(row).values().stream().mapToDouble(TrialRound::framesPerSecond).toArray());
    }
    return fps;
  }

  /** Returns percentiles of the ratio of resampled medians. */
  private static Interval interval(double[] a, double[] b, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] ratios = new double[RESAMPLES];
    for (int i = 0; i < RESAMPLES; i++) {
      ratios[i] = resampled(b, random) / resampled(a, random);
    }
    Arrays.sort(ratios);
    int tail = (int) ((1 - Stopping.LEVEL_OF_A_LOOK) / 2 * RESAMPLES);
    return new Interval(ratios[tail], ratios[RESAMPLES - 1 - tail]);
  }

  private static double resampled(double[] values, SplittableRandom random) {
    double[] drawn = new double[values.length];
    for (int i = 0; i < drawn.length; i++) {
      drawn[i] = values[random.nextInt(values.length)];
    }
    return new Median().evaluate(drawn);
  }
}
