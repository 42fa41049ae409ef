package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.trial.Interval;
import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Does a 95 % interval hold the truth in 95 % of experiments? Nothing differs in these, so the
 * truth is a ratio of 1; they stop by the same rule as a benchmark does.
 */
public final class CoverageTest {
  private static final int EXPERIMENTS = 10_000;

  static Stream<Arguments> noises() throws IOException {
    double[] recorded = recorded();
    ToDoubleFunction<Random> gauss = Random::nextGaussian;
    ToDoubleFunction<Random> heavyTails = r -> r.nextGaussian() / Math.sqrt(chiSquare(r, 3) / 3);
    ToDoubleFunction<Random> heavierTails = r -> r.nextGaussian() / Math.sqrt(chiSquare(r, 2) / 2);
    ToDoubleFunction<Random> spikes = r -> 0.3 * r.nextGaussian() + spike(r) - spike(r);
    ToDoubleFunction<Random> fromRuns = r -> recorded[r.nextInt(recorded.length)] * sign(r);
    Stream<Arguments> real =
        Stream.of(0.25, 0.5, 1.0, 2.0)
            .map(times -> Arguments.of("recorded, times", times, fromRuns));
    Stream<Arguments> simulated =
        Stream.of(0.002, 0.01, 0.02, 0.03, 0.05, 0.2)
            .flatMap(
                scale ->
                    Stream.of(
                        Arguments.of("gauss", scale, gauss),
                        Arguments.of("t with 3 degrees", scale, heavyTails),
                        Arguments.of("t with 2 degrees", scale, heavierTails),
                        Arguments.of("spikes", scale, spikes)));
    return Stream.concat(simulated, real);
  }

  /**
   * @param scale of the noise's logarithm
   */
  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("noises")
  void interval_holdsTheTruth_inNineteenOfTwentyExperiments(
      String name, double scale, ToDoubleFunction<Random> noise) {
    Random random = new Random(20_261);
    Stopping stopping = new Stopping(6, 0.05, 120);
    int held = 0;
    for (int i = 0; i < EXPERIMENTS; i++) {
      double[] ratios =
          random
              .doubles(stopping.mostRounds())
              .map(unused -> Math.exp(scale * noise.applyAsDouble(random)))
              .toArray();
      if (experiment(ratios, stopping).holds(1)) {
        held++;
      }
    }
    assertThat(held / (double) EXPERIMENTS).isBetween(0.93, 0.97);
  }

  private static Interval experiment(double[] ratios, Stopping stopping) {
    Rules rules = new Rules(stopping, 1, 8, 0.05, Rounds.RULES.interference(), 20_000, 0.02, 1);
    for (int round = stopping.rounds(); ; round++) {
      if (!stopping.looksAfter(round)) {
        continue;
      }
      Ratio ratio = Ratio.of(Arrays.copyOf(ratios, round), rules);
      if (ratio.isNarrow() || round == stopping.mostRounds()) {
        return Objects.requireNonNull(ratio.interval());
      }
    }
  }

  private static double chiSquare(Random r, int degrees) {
    double sum = 0;
    for (int i = 0; i < degrees; i++) {
      double x = r.nextGaussian();
      sum += x * x;
    }
    return sum;
  }

  /** One measurement in ten is disturbed. */
  private static double spike(Random r) {
    return r.nextInt(10) == 0 ? -4 * Math.log(1 - r.nextDouble()) : 0;
  }

  /** Both trials are the same, so each ratio could as well have been its inverse. */
  private static double sign(Random r) {
    return r.nextBoolean() ? 1 : -1;
  }

  /** Logarithms of ratios of two trials that are the same, from real runs on a shared machine. */
  private static double[] recorded() throws IOException {
    try (var in = CoverageTest.class.getResourceAsStream("/noise/same-again.csv")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
      return text.lines()
          .filter(line -> !line.startsWith("#"))
          .mapToDouble(line -> Math.log(Double.parseDouble(line)))
          .toArray();
    }
  }
}
