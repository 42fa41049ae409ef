package io.tandem.conf;

import java.util.List;

/**
 * The settings of a benchmark.
 *
 * @param grid the values whose combinations are the trials
 * @param times how long a trial runs
 * @param rounds how many times each trial runs, at least
 * @param intervalWidth more rounds are measured while the best speedup's interval is wider than
 *     this share of it, or the best trial is not settled; 0: never
 * @param aaRepeat whether the first baseline is measured again, as a trial like the others
 * @param seed seeds the order of trials within a round
 * @param valid what makes a row invalid
 */
public record BenchmarkSettings(
    Grid grid,
    Times times,
    int rounds,
    double intervalWidth,
    boolean aaRepeat,
    long seed,
    Valid valid) {
  public BenchmarkSettings {
    Require.atLeast("benchmark.rounds", rounds, 1);
    Require.notNegative("benchmark.interval-width", intervalWidth);
  }

  /**
   * The values whose combinations are the trials.
   *
   * @param concurrency empty: a ladder up to the cores
   * @param exports which exports of the model
   */
  public record Grid(
      List<DeviceChoice> devices,
      List<Integer> concurrency,
      List<Integer> intraOpThreads,
      List<Integer> batchSizes,
      Exports exports,
      List<ModelScope> modelScopes) {
    private static final long MOST_TRIALS = 10_000;

    public Grid {
      devices = Require.some("benchmark.devices", devices);
      concurrency = List.copyOf(concurrency);
      intraOpThreads = Require.some("benchmark.intra-op-threads", intraOpThreads);
      batchSizes = Require.some("benchmark.batch-sizes", batchSizes);
      modelScopes = Require.some("benchmark.model-scopes", modelScopes);
      concurrency.forEach(n -> Require.atLeast("benchmark.concurrency", n, 1));
      intraOpThreads.forEach(n -> Require.atLeast("benchmark.intra-op-threads", n, 1));
      batchSizes.forEach(n -> Require.atLeast("benchmark.batch-sizes", n, 1));
      requireFew(devices, concurrency, intraOpThreads, batchSizes, modelScopes);
    }

    private static void requireFew(List<?>... dimensions) {
      long trials = 1;
      for (List<?> values : dimensions) {
        trials = Math.multiplyExact(Math.max(1, values.size()), Math.min(trials, MOST_TRIALS + 1));
      }
      if (trials > MOST_TRIALS) {
        throw new SettingsException(
            "the lists of a benchmark's settings have more than %d combinations; shorten them"
                .formatted(MOST_TRIALS));
      }
    }

    /** Returns the grid with these numbers of lanes. */
    public Grid withConcurrency(List<Integer> lanes) {
      return new Grid(devices, lanes, intraOpThreads, batchSizes, exports, modelScopes);
    }

    /** Returns the grid with these batch sizes. */
    public Grid withBatchSizes(List<Integer> frames) {
      return new Grid(devices, concurrency, intraOpThreads, frames, exports, modelScopes);
    }
  }

  /**
   * The exports of the model to measure; if both lists are empty, the one that {@code infer} would
   * use.
   *
   * @param names the names of exports, the baseline's first
   * @param engines the engines whose exports are all measured, after the named ones
   */
  public record Exports(List<String> names, List<String> engines) {
    public Exports {
      names = List.copyOf(names);
      engines = List.copyOf(engines);
    }

    /** Returns whether none is named. */
    public boolean isDefault() {
      return names.isEmpty() && engines.isEmpty();
    }
  }

  /**
   * The durations of a trial.
   *
   * @param frames the first frames, which each trial predicts; auto: as many as fit the budget
   * @param minSeconds the measured time, at least
   * @param warmupSeconds the work of each lane before, in seconds at least
   * @param warmupBatches the same in batches
   * @param ceilingSeconds the time of each ceiling's measurement; 0: off
   * @param budgetSeconds the time of all trials, in which rounds beyond the first ones end
   */
  public record Times(
      AutoInt frames,
      double minSeconds,
      double warmupSeconds,
      int warmupBatches,
      double ceilingSeconds,
      double budgetSeconds) {
    public Times {
      Require.atLeast("benchmark.frames", frames, 1);
      Require.notNegative("benchmark.min-seconds", minSeconds);
      Require.notNegative("benchmark.warmup-seconds", warmupSeconds);
      Require.atLeast("benchmark.warmup-batches", warmupBatches, 1);
      Require.notNegative("benchmark.ceiling-seconds", ceilingSeconds);
      Require.notNegative("benchmark.budget", budgetSeconds);
    }

    /** Returns the durations with this number of frames. */
    public Times withFrames(int number) {
      return new Times(
          AutoInt.of(number),
          minSeconds,
          warmupSeconds,
          warmupBatches,
          ceilingSeconds,
          budgetSeconds);
    }
  }

  /** The limits beyond which a row of a benchmark is invalid; shares are fractions of 1. */
  public record Valid(
      int minBatches,
      double garbageCollection,
      Interference interference,
      double startSkewSeconds,
      double tie) {
    public Valid {
      Require.atLeast("benchmark.valid.min-batches", minBatches, 0);
      Require.share("benchmark.valid.garbage-collection", garbageCollection);
      Require.notNegative("benchmark.valid.start-skew", startSkewSeconds);
      Require.share("benchmark.valid.tie", tie);
    }
  }

  /** The limits beyond which a round is disturbed; shares are fractions of 1. */
  public record Interference(
      double foreignLoad,
      double stolen,
      double throttled,
      double clockDrop,
      double clockJumpSeconds) {
    public Interference {
      Require.share("benchmark.valid.foreign-load", foreignLoad);
      Require.share("benchmark.valid.stolen", stolen);
      Require.share("benchmark.valid.throttled", throttled);
      Require.share("benchmark.valid.clock-drop", clockDrop);
      Require.notNegative("benchmark.valid.clock-jump", clockJumpSeconds);
    }
  }

  /** Returns the settings with another grid. */
  public BenchmarkSettings withGrid(Grid other) {
    return new BenchmarkSettings(other, times, rounds, intervalWidth, aaRepeat, seed, valid);
  }

  /** Returns the settings with other times. */
  public BenchmarkSettings withTimes(Times other) {
    return new BenchmarkSettings(grid, other, rounds, intervalWidth, aaRepeat, seed, valid);
  }

  /** Returns the settings with another number of rounds. */
  public BenchmarkSettings withRounds(int number) {
    return new BenchmarkSettings(grid, times, number, intervalWidth, aaRepeat, seed, valid);
  }

  /** Returns the settings with this bound of an interval's width. */
  public BenchmarkSettings withIntervalWidth(double share) {
    return new BenchmarkSettings(grid, times, rounds, share, aaRepeat, seed, valid);
  }

  /** Returns the settings with an A/A repeat, and the trials in the order of this seed. */
  public BenchmarkSettings withAaRepeat(long orderSeed) {
    return new BenchmarkSettings(grid, times, rounds, intervalWidth, true, orderSeed, valid);
  }
}
