package io.tandem.summary;

import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/**
 * The throughput of one trial by that of another: the median over the rounds that both have, and
 * its 95 % interval, null under six rounds.
 */
public record Ratio(double median, @Nullable Interval interval, int rounds) {

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

  /** Returns the median and interval of ratios within rounds. */
  static Ratio of(double[] ratios, long seed) {
    Interval interval =
        ratios.length < Stopping.ROUNDS_FOR_INTERVAL
            ? null
            : MedianBootstrap.interval(ratios, Stopping.LEVEL_OF_A_LOOK, seed);
    return new Ratio(new Median().evaluate(ratios), interval, ratios.length);
  }

  /** Returns whether there is a difference that noise does not explain. */
  public boolean isBeyondNoise() {
    return interval != null && !interval.holds(1);
  }
}
