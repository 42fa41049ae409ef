package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Comparisons with the best, on made-up throughputs. */
final class RankingTest {
  private static final double[] STEADY = {100, 101, 99, 100, 102, 98, 100, 101, 99, 100};

  private final Map<String, Map<Integer, Double>> throughputs = new LinkedHashMap<>();

  private void add(String trial, double... fps) {
    Map<Integer, Double> rounds = new HashMap<>();
    for (int i = 0; i < fps.length; i++) {
      rounds.put(i + 1, fps[i]);
    }
    throughputs.put(trial, rounds);
  }

  private Ranking ranking() {
    return Objects.requireNonNull(Ranking.of(throughputs, Map.of(), 1));
  }

  private static Ranking.Standing of(Ranking ranking, String trial) {
    return Objects.requireNonNull(ranking.standing(trial));
  }

  private static double[] times(double... factors) {
    double[] fps = new double[STEADY.length];
    Arrays.setAll(fps, i -> STEADY[i] * factors[i % factors.length]);
    return fps;
  }

  @Test
  void clearBest_isAhead_andOthersAreSlowerByTheirDistance() {
    add("one", STEADY);
    add("two", times(1.8, 1.79, 1.81));
    add("three", times(1.6, 1.61, 1.59));
    Ranking ranking = ranking();
    assertThat(of(ranking, "two").mayBeBest()).isTrue();
    assertThat(of(ranking, "two").ratio()).isCloseTo(1.8 / 1.6, within(0.01));
    assertThat(of(ranking, "two").interval().low()).isGreaterThan(1);
    assertThat(of(ranking, "one").mayBeBest()).isFalse();
    assertThat(of(ranking, "one").interval().holds(1 / 1.8)).isTrue();
    assertThat(of(ranking, "one").interval().high()).isLessThan(0.6);
    assertThat(ranking.isSlower("three", "two")).isTrue();
    assertThat(ranking.isSlower("two", "three")).isFalse();
  }

  @Test
  void trialsAlike_mayBothBeTheBest() {
    add("one", STEADY);
    add("two", times(1.8, 1.9, 1.7));
    add("three", times(1.9, 1.7, 1.8));
    Ranking ranking = ranking();
    for (String trial : List.of("two", "three")) {
      assertThat(of(ranking, trial).mayBeBest()).isTrue();
      assertThat(of(ranking, trial).interval().holds(1)).isTrue();
    }
    assertThat(of(ranking, "one").mayBeBest()).isFalse();
  }

  @Test
  void driftOfTheMachine_doesNotCount() {
    double[] drifting = new double[10];
    double[] faster = new double[10];
    for (int i = 0; i < 10; i++) {
      drifting[i] = 100 / (1 + 0.1 * i);
      faster[i] = drifting[i] * (1.05 + 0.001 * (i % 3));
    }
    add("one", drifting);
    add("two", faster);
    assertThat(ranking().isSlower("one", "two")).isTrue();
  }

  /** As recorded beside a build: while it ran, three lanes got more of two cores than two did. */
  @Test
  void estimate_isOfUndisturbedRounds_whereMoreWereDisturbedThanAreLeftOut() {
    add("two", 117.2, 51.0, 64.2, 109.7, 101.8, 101.9, 118.8);
    add("three", 119.9, 62.9, 112.7, 103.5, 108.1, 96.9, 112.5);
    assertThat(ranking().ratio("two", "three")).isLessThan(0.96);
    Ranking ranking =
        Objects.requireNonNull(
            Ranking.of(throughputs, Map.of("two", Set.of(2, 3), "three", Set.of(2)), 1));
    assertThat(ranking.ratio("two", "three")).isGreaterThan(1);
    assertThat(ranking.isSlower("two", "three")).isFalse();
    Ranking allDisturbed =
        Objects.requireNonNull(
            Ranking.of(throughputs, Map.of("two", Set.of(1, 2, 3, 4, 5, 6, 7)), 1));
    assertThat(allDisturbed.ratio("two", "three")).isLessThan(0.96);
  }

  @Test
  void fewRounds_areNoRanking_andRoundsInCommonCount() {
    add("one", 1, 1, 1, 1, 1);
    add("two", 2, 2, 2, 2, 2);
    assertThat(Ranking.of(throughputs, Map.of(), 1)).isNull();
    throughputs.clear();
    add("one", STEADY);
    assertThat(Ranking.of(throughputs, Map.of(), 1)).isNull();
    add("two", times(1.5));
    Objects.requireNonNull(throughputs.get("two")).remove(1);
    Objects.requireNonNull(throughputs.get("one")).remove(2);
    assertThat(of(ranking(), "two").ratio()).isCloseTo(1.5, within(1e-9));
  }
}
