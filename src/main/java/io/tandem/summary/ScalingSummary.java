package io.tandem.summary;

import io.tandem.trial.Interval;
import org.jspecify.annotations.Nullable;

/**
 * How the trials of one series, which differ in their concurrency only, scale: a row of {@code
 * scaling.csv}.
 *
 * @param series the trials' id with N for the lanes, such as {@code cpu-Nx1-b4-fp32-executor}
 * @param levels the number of concurrencies up to the cores
 * @param fit null where there are too few levels
 * @param note "Universal Scalability Law", "Amdahl's law (kappa = 0)", or why there is no fit
 */
public record ScalingSummary(String series, int levels, @Nullable Fit fit, String note) {

  /**
   * The fitted law; intervals are null where there are too few rounds.
   *
   * @param bestConcurrency from where more lanes reduce the throughput; infinite where kappa is 0
   */
  public record Fit(
      Scalability law,
      @Nullable Interval sigma,
      @Nullable Interval kappa,
      double bestConcurrency,
      @Nullable Interval bestConcurrencyInterval) {}
}
