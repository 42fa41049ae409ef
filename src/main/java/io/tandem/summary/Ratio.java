package io.tandem.summary;

import io.tandem.trial.Interval;
import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/**
 * The throughput of one trial by that of another: the median over the rounds that both have.
 *
 * @param interval its 95 % interval; null under six rounds
 * @param isNarrow whether the stopping rule asks for no more rounds
 */
public record Ratio(double median, @Nullable Interval interval, boolean isNarrow) {

  /** Returns the ratios of throughput within the rounds that both have. */
  static double[] within(Map<Integer, TrialRound> of, Map<Integer, TrialRound> to) {
    ToDoubleFunction<TrialRound> ratio =
        round ->
            round.framesPerSecond()
                / Objects.requireNonNull(to.get(round.round())).framesPerSecond();
    return of.values().stream()
        .filter(round -> to.containsKey(round.round()))
        .mapToDouble(ratio)
        .toArray();
  }

  /**
   * Returns the median and interval of ratios within rounds. An interval that the looks of the
   * stopping rule may have chosen has the level of a look; one that is too wide for that, 95 %.
   */
  static Ratio of(double[] ratios, Rules rules) {
    double median = new Median().evaluate(ratios);
    if (ratios.length < Stopping.ROUNDS_FOR_INTERVAL) {
      return new Ratio(median, null, false);
    }
    Interval look = MedianBootstrap.interval(ratios, Stopping.LEVEL_OF_A_LOOK, rules.seed());
    return rules.stopping().isEnough(median, look)
        ? new Ratio(median, look, true)
        : new Ratio(median, MedianBootstrap.interval(ratios, 0.95, rules.seed()), false);
  }

  /** Returns whether there is a difference that noise does not explain. */
  public boolean isBeyondNoise() {
    return interval != null && !interval.holds(1);
  }
}
