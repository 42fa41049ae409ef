package io.tandem.summary;

import io.tandem.trial.Interval;
import io.tandem.trial.Trial;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The result of one trial: a row of {@code speedup.csv}. Ratios are taken within a round; each
 * value is their median over the rounds. A value that is not known, or not yet, is null.
 */
public record TrialSummary(
    Trial trial,
    Throughput throughput,
    Speedup speedup,
    LatencyMs latency,
    Load load,
    Ceiling ceiling,
    Trust trust) {

  /**
   * The frames of all rounds, and how many a second.
   *
   * @param fps by the lanes' own clocks
   * @param fpsInterval the median's 95 % interval; null under six rounds
   * @param commonFps from the first lane's start to the last one's end, on a common clock
   */
  public record Throughput(
      long frames,
      int rounds,
      double fps,
      @Nullable Interval fpsInterval,
      @Nullable Double commonFps) {

    /** Returns the hours that a million such frames take. */
    public double hoursPerMillion() {
      return hours(fps);
    }

    /** Returns the 95 % interval of {@link #hoursPerMillion}; null under six rounds. */
    public @Nullable Interval hoursInterval() {
      return fpsInterval == null
          ? null
          : new Interval(hours(fpsInterval.high()), hours(fpsInterval.low()));
    }

    private static double hours(double fps) {
      return 1e6 / fps / 3_600;
    }
  }

  /**
   * The throughput against the serial baseline's.
   *
   * @param interval the median's 95 % interval; null for the baseline itself, and where there are
   *     too few rounds
   * @param isNarrow whether the stopping rule asks for no more rounds
   * @param allRounds the median with the rounds that are left out elsewhere
   * @param vsAllCores against the all-core baseline
   * @param efficiency the speedup by the cores that the trial can use
   * @param karpFlatt the serial share that the speedup shows
   */
  public record Speedup(
      double median,
      @Nullable Interval interval,
      boolean isNarrow,
      double allRounds,
      @Nullable Double vsAllCores,
      @Nullable Double efficiency,
      @Nullable Double karpFlatt) {}

  /**
   * Percentiles of a batch's forward pass, in milliseconds.
   *
   * @param inflation the p50 by the serial baseline's
   */
  public record LatencyMs(
      @Nullable Double p50,
      @Nullable Double p90,
      @Nullable Double p95,
      @Nullable Double p99,
      @Nullable Double inflation) {
    /** No forward pass was timed. */
    static final LatencyMs UNKNOWN = new LatencyMs(null, null, null, null, null);
  }

  /** How busy the cores and the GPUs were, 0 to 1. */
  public record Load(double cpu, @Nullable Double gpu) {}

  /**
   * What the stages reach alone on the same lanes, in frames/s.
   *
   * @param ratio the trial's throughput by what its stages reach together
   */
  public record Ceiling(
      @Nullable Double forwardFps, @Nullable Double decodeFps, @Nullable Double ratio) {}

  /**
   * Whether the row is the measurement that it claims to be.
   *
   * @param differing the share of its results that differ from the baseline's, ties apart, in this
   *     benchmark or, if that is more, when its export was made
   * @param violations the rules that the trial breaks, as sentences
   * @param disturbed the rounds that are left out, because something else took the machine
   * @param placement where its lanes worked
   */
  public record Trust(
      Agreement agreement,
      double differing,
      List<String> violations,
      List<Disturbance> disturbed,
      String placement) {
    public Trust {
      violations = List.copyOf(violations);
      disturbed = List.copyOf(disturbed);
    }
  }

  /** Returns whether the trial breaks no rule. */
  public boolean valid() {
    return trust.violations.isEmpty();
  }

  /** Returns whether all its results agree with the serial baseline's, ties apart. */
  public boolean keepsResults() {
    return trust.differing == 0;
  }

  /** Returns the rules that the trial breaks; null where it is valid. */
  public @Nullable String reason() {
    return valid() ? null : String.join("; ", trust.violations);
  }
}
