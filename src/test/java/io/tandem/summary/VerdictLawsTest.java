package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.summary.SimulatedBenchmark.Law;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a verdict must never do, over simulated benchmarks whose truth is known. More of them:
 * {@code ./mvnw test -Dtest=VerdictLawsTest -Dtests.jvm=-Dlaws.experiments=10000}.
 */
final class VerdictLawsTest {
  private static final int EXPERIMENTS = Integer.getInteger("laws.experiments", 500);

  /** What some benchmarks of one noise came to. */
  private static final class Counts {
    int experiments;
    int setWithoutTheBest;
    int wrongClaims;
    int claims;
    int costly;
    int largeSets;
    int settled;
    int notCovered;
    final List<String> broken = new ArrayList<>();

    @Override
    public String toString() {
      return "%d experiments: set without the best %.3f, wrong claims %d of %d, costly %.3f, large sets %d, settled %.3f, not covered %.3f"
          .formatted(
              experiments,
              setWithoutTheBest / (double) experiments,
              wrongClaims,
              claims,
              costly / (double) experiments,
              largeSets,
              settled / (double) experiments,
              notCovered / (double) experiments);
    }
  }

  @Test
  void lawsHold_andNoiseMakesVerdictsLessCertain() {
    int settledBefore = Integer.MAX_VALUE;
    for (double noise : new double[] {0.01, 0.02, 0.05, 0.1, 0.2}) {
      Counts counts = new Counts();
      for (int i = 0; i < EXPERIMENTS / 5 / Law.values().length; i++) {
        for (Law law : Law.values()) {
          count(new SimulatedBenchmark(i, law, noise), law + " " + i, counts);
        }
      }
      if (EXPERIMENTS != 500) {
        System.out.printf("noise %.2f: %s%n", noise, counts);
      }
      assertThat(counts.broken).isEmpty();
      assertThat(counts.setWithoutTheBest).as("%s", counts).isLessThan(limit(counts));
      assertThat(counts.wrongClaims).as("%s", counts).isLessThan(limit(counts));
      assertThat(counts.notCovered).as("%s", counts).isLessThan(limit(counts));
      if (noise <= 0.05) {
        assertThat(counts.costly).as("%s", counts).isLessThan(limit(counts));
        assertThat(counts.largeSets).as("%s", counts).isLessThan(limit(counts));
      }
      assertThat(counts.settled).as("%s", counts).isLessThanOrEqualTo(settledBefore);
      settledBefore = counts.settled;
    }
  }

  /** Five in a hundred, and three standard deviations of so many experiments. */
  private static int limit(Counts counts) {
    double expected = 0.05 * counts.experiments;
    return (int) Math.ceil(expected + 3 * Math.sqrt(expected * 0.95));
  }

  private static void count(SimulatedBenchmark run, String name, Counts counts) {
    Summary summary = run.summary();
    TrialSummary best = summary.best();
    counts.experiments++;
    counts.settled += summary.recommended().isSettled() ? 1 : 0;
    if (summary.contenders().stream().noneMatch(t -> run.truth(t) == run.best())) {
      counts.setWithoutTheBest++;
    }
    if (run.truth(best) < 0.97 * run.best()) {
      counts.costly++;
    }
    counts.notCovered += summary.trials().stream().allMatch(t -> isCovered(t, run)) ? 0 : 1;
    boolean wrong = false;
    for (TrialSummary a : summary.trials()) {
      for (TrialSummary b : summary.trials()) {
        if (!a.equals(b)
            && summary.ranking() != null
            && summary.ranking().isSlower(a.trial().id(), b.trial().id())) {
          counts.claims++;
          wrong |= run.truth(a) > run.truth(b);
        }
      }
    }
    counts.wrongClaims += wrong ? 1 : 0;
    long near = summary.trials().stream().filter(t -> run.truth(t) > 0.92 * run.best()).count();
    if (near == 1 && summary.contenders().size() > 2) {
      counts.largeSets++;
    }
    String next = summary.verdict().reasons().get(summary.verdict().reasons().size() - 1);
    nextStepThatWasMeasured(next, summary)
        .ifPresent(why -> counts.broken.add("%s: %s: %s".formatted(name, next, why)));
    for (TrialSummary other : summary.trials()) {
      if (other.trial().threads() < best.trial().threads()
          && other.speedup().median() >= best.speedup().median()) {
        counts.broken.add(
            "%s: %s has fewer threads than the best".formatted(name, other.trial().id()));
      }
    }
  }

  /** Law 2: no setting that was measured and is no better, and not the opposite of the best. */
  private static Optional<String> nextStepThatWasMeasured(String next, Summary summary) {
    List<Trial> trials = summary.trials().stream().map(TrialSummary::trial).toList();
    Trial best = summary.best().trial();
    if (next.contains("batch size")
        && trials.stream().map(Trial::batchSize).distinct().count() > 1) {
      return Optional.of("batch sizes were measured");
    }
    if (next.contains("model scope")
        && trials.stream().map(Trial::modelScope).distinct().count() > 1) {
      return Optional.of("model scopes were measured");
    }
    if (next.contains("more lanes")
        && trials.stream().anyMatch(trial -> trial.threads() > best.threads())) {
      return Optional.of("more threads were measured");
    }
    return next.contains("fewer lanes") || next.contains("fewer threads")
        ? Optional.of("the opposite of the best")
        : Optional.empty();
  }

  private static boolean isCovered(TrialSummary trial, SimulatedBenchmark run) {
    Ranking.Standing standing = run.summary().standing(trial);
    double others =
        run.summary().trials().stream()
            .filter(t -> !t.equals(trial))
            .mapToDouble(run::truth)
            .max()
            .orElseThrow();
    return standing == null || standing.interval().holds(run.truth(trial) / others);
  }
}
