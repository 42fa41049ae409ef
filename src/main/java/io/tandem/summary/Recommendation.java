package io.tandem.summary;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The trial to use: of those that surely have 97 % of the best one's throughput, the one with the
 * fewest threads, then with the shortest forward pass.
 *
 * @param isSettled whether it surely has 97 %; otherwise it is the one with the fewest threads of
 *     those that may be the best, and that by the estimate have 98.5 % of the fastest's; one with
 *     more threads than cores only where no other may be the best
 */
public record Recommendation(TrialSummary trial, boolean isSettled) {
  /** The least share of the best one's throughput. */
  public static final double ENOUGH = 0.97;

  /** The same for the estimate, where nothing is sure. */
  private static final double LIKELY = 0.985;

  /** Without a ranking, a smaller difference than this share counts as noise. */
  private static final double NOISE = 0.05;

  private static final Comparator<TrialSummary> FEWEST_THREADS =
      Comparator.comparingInt((TrialSummary t) -> t.trial().threads())
          .thenComparingDouble(
              t -> Objects.requireNonNullElse(t.latency().p50(), Double.MAX_VALUE));

  /**
   * Chooses from trials.
   *
   * @param fastest the one with the highest speedup of those that may be the best
   * @param cores the cores that the lanes share
   */
  static Recommendation of(
      List<TrialSummary> trials, TrialSummary fastest, @Nullable Ranking ranking, int cores) {
    if (ranking == null) {
      return new Recommendation(
          trials.stream()
              .filter(t -> t.speedup().median() >= (1 - NOISE) * fastest.speedup().median())
              .min(FEWEST_THREADS)
              .orElse(fastest),
          false);
    }
    List<TrialSummary> sure =
        trials.stream().filter(t -> standing(t, ranking).interval().low() >= ENOUGH).toList();
    TrialSummary chosen =
        (sure.isEmpty() ? likely(trials, fastest, ranking, cores).stream() : sure.stream())
            .min(FEWEST_THREADS)
            .orElse(fastest);
    // Never more threads than one that was as fast in these rounds.
    TrialSummary fewest =
        trials.stream()
            .filter(t -> t.speedup().median() >= chosen.speedup().median())
            .min(FEWEST_THREADS)
            .orElse(chosen);
    return new Recommendation(fewest, sure.contains(fewest));
  }

  private static List<TrialSummary> likely(
      List<TrialSummary> trials, TrialSummary fastest, Ranking ranking, int cores) {
    List<TrialSummary> open =
        trials.stream().filter(t -> standing(t, ranking).mayBeBest()).toList();
    List<TrialSummary> withinCores =
        open.stream().filter(t -> !t.trial().isOversubscribed(cores)).toList();
    List<TrialSummary> some = withinCores.isEmpty() ? open : withinCores;
    TrialSummary leader =
        some.stream().max(Comparator.comparingDouble(t -> t.speedup().median())).orElse(fastest);
    return some.stream()
        .filter(t -> t.equals(leader) || ranking.ratio(id(t), id(leader)) >= LIKELY)
        .toList();
  }

  private static String id(TrialSummary trial) {
    return trial.trial().id();
  }

  private static Ranking.Standing standing(TrialSummary trial, Ranking ranking) {
    return Objects.requireNonNull(ranking.standing(id(trial)));
  }
}
