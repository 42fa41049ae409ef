package io.tandem.summary;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/** Computes medians over the rounds of a trial. */
final class Medians {
  private Medians() {}

  static double of(Collection<TrialRound> rounds, ToDoubleFunction<TrialRound> value) {
    return new Median().evaluate(rounds.stream().mapToDouble(value).toArray());
  }

  /** Returns the median over the rounds in which the value is known; null where there are none. */
  static @Nullable Double ofKnown(
      Collection<TrialRound> rounds, Function<TrialRound, @Nullable Double> value) {
    List<Double> known = rounds.stream().map(value).filter(Objects::nonNull).toList();
    return known.isEmpty()
        ? null
        : new Median().evaluate(known.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
