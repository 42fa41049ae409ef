package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.summary.Agreement;
import io.tandem.summary.Rounds;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialRound;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which trials are dropped if the first rounds do not fit the budget. */
final class EliminationTest {
  private static final String SERIAL = "cpu-1x1-b4-fp32-executor";
  private static final String FASTEST = "cpu-2x1-b4-bf16-executor";
  private static final String SAME_LANES_FP32 = "cpu-2x1-b4-fp32-executor";
  private static final String SAME_LANES_INT8 = "cpu-2x1-b4-int8-executor";

  /** Frames/s of a first round, the baseline first; int8 changes some results. */
  private static final Map<String, Integer> SPEEDS = new LinkedHashMap<>();

  static {
    SPEEDS.put(SERIAL, 50);
    SPEEDS.put(SAME_LANES_FP32, 90);
    SPEEDS.put("cpu-3x1-b4-fp32-executor", 80);
    SPEEDS.put("cpu-1x1-b4-bf16-executor", 100);
    SPEEDS.put(FASTEST, 200);
    SPEEDS.put("cpu-3x1-b4-bf16-executor", 190);
    SPEEDS.put(SAME_LANES_INT8, 400);
    SPEEDS.put("cpu-3x1-b4-int8-executor", 390);
  }

  private final List<Trial> trials = Trials.planned(SPEEDS.keySet().toArray(String[]::new));
  private final Plan plan = new Plan(trials, List.of(), 1);

  private static Elimination within(double budgetSeconds) {
    return new Elimination(new Stopping(6, 0.05, budgetSeconds), 2);
  }

  @Test
  void planThatFits_isKept() {
    // 8 trials of 2 s in 6 rounds.
    assertThat(within(97).isNeeded(plan, 1, 16)).isFalse();
    assertThat(within(95).isNeeded(plan, 1, 16)).isTrue();
    assertThat(new Elimination(Stopping.after(6), 2).isNeeded(plan, 1, 16)).isFalse();
    assertThat(within(1).isNeeded(plan, 6, 96)).isFalse();
  }

  @Test
  void slowestAreDropped_butNoBaseline_andNothingBesideTheFastest() {
    assertThat(dropped(within(0)))
        .containsExactlyInAnyOrder(
            "cpu-3x1-b4-fp32-executor",
            "cpu-1x1-b4-bf16-executor",
            "cpu-3x1-b4-bf16-executor",
            "cpu-3x1-b4-int8-executor");
  }

  @Test
  void noMoreAreDropped_thanTheBudgetAsksFor() {
    // 16 s are spent: 60 s are left for 5 rounds of 6 trials.
    assertThat(dropped(within(76)))
        .containsExactlyInAnyOrder("cpu-3x1-b4-fp32-executor", "cpu-1x1-b4-bf16-executor");
  }

  private List<String> dropped(Elimination elimination) {
    List<Trial> left = elimination.apply(plan, summary(), 1, 16).trials();
    return trials.stream().filter(trial -> !left.contains(trial)).map(Trial::id).toList();
  }

  private Summary summary() {
    List<TrialRound> rounds = new ArrayList<>();
    SPEEDS.forEach((trial, fps) -> rounds.add(Rounds.round(trial, 1, fps)));
    return Rounds.summary(
        Rounds.measured(
            rounds,
            new Agreement(SAME_LANES_INT8, 0.99, 0.1, 83),
            new Agreement("cpu-3x1-b4-int8-executor", 0.99, 0.1, 83)),
        trials);
  }
}
