package io.tandem.summary;

import io.tandem.text.Words;
import io.tandem.trial.Trial;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Computes the numbers behind a verdict: of the best trial, and of those that it is compared with.
 */
final class Findings {
  private static final List<Function<Trial, Object>> DIMENSIONS =
      List.of(
          Trial::device,
          Trial::concurrency,
          Trial::intraOpThreads,
          Trial::batchSize,
          Trial::export,
          Trial::modelScope,
          Trial::isRepeat);

  private final Summary summary;
  private final TrialSummary best;

  Findings(Summary summary) {
    this.summary = summary;
    this.best = summary.best();
  }

  TrialSummary best() {
    return best;
  }

  /** Returns the setting in words: "2 lanes with 1 thread each, batch 4, fp32". */
  String name(Trial trial) {
    return "%s with %s%s, batch %d, %s%s"
        .formatted(
            Words.count(trial.concurrency(), "lane"),
            Words.count(trial.intraOpThreads(), "thread"),
            trial.concurrency() == 1 ? "" : " each",
            trial.batchSize(),
            trial.export(),
            isMeasured(Trial::device) ? ", on the " + trial.device().name() : "");
  }

  /** Returns whether no trial on its device has more threads. */
  boolean isTheWidest() {
    return summary.trials().stream()
        .map(TrialSummary::trial)
        .filter(t -> t.device() == best.trial().device())
        .allMatch(t -> t.threads() <= best.trial().threads());
  }

  /** Returns the share of the best trial's lane time that the phase takes. */
  double share(String phase) {
    return summary.measured().phases().stream()
        .filter(p -> p.trial().equals(best.trial().id()) && p.phase().equals(phase))
        .mapToDouble(PhaseSummary::share)
        .findFirst()
        .orElse(0);
  }

  /**
   * Returns the share of the host's CPUs that other programs and the hypervisor took from the best
   * trial: the median over its rounds; 0 if it is unknown.
   */
  double takenByOthers() {
    return Medians.of(
        summary.rounds(best).values(),
        round -> {
          Interference found = round.conditions().interference();
          return Objects.requireNonNullElse(found.foreignLoad(), 0.0)
              + Objects.requireNonNullElse(found.stolen(), 0.0);
        });
  }

  /** Returns the median share of its periods in which a CPU quota held the best trial back. */
  double throttled() {
    return Objects.requireNonNullElse(ofRounds(Interference::throttled), 0.0);
  }

  /** Returns the cores of that quota; null if they are unknown. */
  @Nullable Double quotaCores() {
    return ofRounds(Interference::quotaCores);
  }

  private @Nullable Double ofRounds(Function<Interference, @Nullable Double> value) {
    return Medians.ofKnown(
        summary.rounds(best).values(), round -> value.apply(round.conditions().interference()));
  }

  /** Returns whether a trial is compared with the best one. */
  boolean isRanked(TrialSummary trial) {
    return trial.valid() && trial.keepsResults() && !summary.isDropped(trial);
  }

  /** Returns the valid trial of the best one's series with the next number of lanes. */
  Optional<TrialSummary> nextLanes() {
    return summary.trials().stream()
        .filter(t -> isRanked(t) && t.trial().series().equals(best.trial().series()))
        .filter(t -> t.trial().concurrency() > best.trial().concurrency())
        .min(Comparator.comparingInt(t -> t.trial().concurrency()));
  }

  /** Returns the valid trial of the best one's series with the most lanes, if more than one. */
  Optional<TrialSummary> mostLanes() {
    return summary.trials().stream()
        .filter(t -> isRanked(t) && t.trial().series().equals(best.trial().series()))
        .filter(t -> t.trial().concurrency() > 1)
        .max(Comparator.comparingInt(t -> t.trial().concurrency()));
  }

  /** Returns whether a trial is faster than the best one, by under 3 %. */
  boolean isHardlyFaster(TrialSummary trial) {
    Ranking ranking = summary.ranking();
    return ranking != null && ranking.isSlower(best.trial().id(), trial.trial().id());
  }

  /** Returns whether a trial is slower than the best one beyond noise. */
  boolean isSlower(TrialSummary trial) {
    Ranking ranking = summary.ranking();
    return ranking != null && ranking.isSlower(trial.trial().id(), best.trial().id());
  }

  /** Returns one lane of the same series, where it was measured. */
  Optional<TrialSummary> oneLane(TrialSummary of) {
    return summary.trials().stream()
        .filter(t -> t.trial().series().equals(of.trial().series()))
        .filter(t -> t.trial().concurrency() == 1 && !t.trial().isRepeat())
        .findFirst();
  }

  /** Returns the throughput by that of one lane of the same series. */
  Optional<Double> gain(TrialSummary trial) {
    return oneLane(trial).map(one -> trial.speedup().median() / one.speedup().median());
  }

  /** Returns the fastest valid trial that differs from the best in this dimension only. */
  Optional<TrialSummary> alternative(Function<Trial, Object> dimension) {
    return summary.trials().stream()
        .filter(this::isRanked)
        .filter(t -> differOnlyIn(dimension, t.trial(), best.trial()))
        .max(Comparator.comparingDouble(t -> t.speedup().median()));
  }

  /** Returns whether more than one value of the dimension was measured. */
  boolean isMeasured(Function<Trial, Object> dimension) {
    return summary.trials().stream().map(t -> dimension.apply(t.trial())).distinct().count() > 1;
  }

  /** Returns whether the trials differ in this dimension and no other. */
  static boolean differOnlyIn(Function<Trial, Object> dimension, Trial a, Trial b) {
    long different = DIMENSIONS.stream().filter(d -> !d.apply(a).equals(d.apply(b))).count();
    return different == 1 && !dimension.apply(a).equals(dimension.apply(b));
  }

  /** Returns the ratio of throughputs within rounds; empty where they share no round. */
  Optional<Ratio> ratio(TrialSummary of, TrialSummary to) {
    double[] ratios = Ratio.within(summary.rounds(of), summary.rounds(to));
    return ratios.length == 0
        ? Optional.empty()
        : Optional.of(Ratio.of(ratios, summary.environment().rules()));
  }
}
