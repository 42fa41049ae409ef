package io.tandem.summary;

import io.tandem.trial.Environment;
import io.tandem.trial.Interval;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A benchmark summarised: where it ran, its trials in the plan's order, and what was measured. A
 * trial of another implementation is there to be compared with, and takes no part in what is
 * concluded.
 */
public record Summary(
    Environment environment,
    List<TrialSummary> trials,
    List<TrialSummary> external,
    List<ScalingSummary> scaling,
    Measured measured) {

  /** Without an interval, differences of this share are not told apart. */
  private static final double NOISE = 0.05;

  public Summary {
    trials = List.copyOf(trials);
    external = List.copyOf(external);
    scaling = List.copyOf(scaling);
  }

  /** All rows of its tables: the trials, then the external ones. */
  public List<TrialSummary> rows() {
    return Stream.concat(trials.stream(), external.stream()).toList();
  }

  /** The serial baseline: one lane with one thread. */
  public TrialSummary serial() {
    return trials.get(0);
  }

  /** The valid trial with the highest speedup; of all, where none is valid. */
  public TrialSummary fastest() {
    return Collections.max(eligible(), Comparator.comparingDouble(t -> t.speedup().median()));
  }

  private List<TrialSummary> eligible() {
    List<TrialSummary> valid = trials.stream().filter(TrialSummary::valid).toList();
    return valid.isEmpty() ? trials : valid;
  }

  /** What limits this setting, what was best, and what to change next. */
  public Verdict verdict() {
    return Verdicts.of(this);
  }

  /**
   * Whether no valid trial has both more frames/s and a shorter forward pass; then it is a matter
   * of taste.
   */
  public boolean isOnFrontier(TrialSummary trial) {
    return trial.valid()
        && eligible().stream()
            .noneMatch(
                other ->
                    other.throughput().fps() > trial.throughput().fps()
                        && latency(other) < latency(trial));
  }

  /** The best trial, and those that differ from it in this dimension only, in the plan's order. */
  public List<TrialSummary> besides(Function<Trial, Object> dimension) {
    TrialSummary best = best();
    return trials.stream()
        .filter(t -> t.equals(best) || Findings.differOnlyIn(dimension, t.trial(), best.trial()))
        .toList();
  }

  private static double latency(TrialSummary trial) {
    return Objects.requireNonNullElse(trial.latency().p50(), Double.MAX_VALUE);
  }

  /** Those that need more rounds, for their interval is too wide yet. */
  public List<TrialSummary> uncertain() {
    Stopping stopping = environment.rules().stopping();
    return rows().stream()
        .filter(
            t ->
                t.speedup().interval() != null
                    && !stopping.isEnough(t.speedup().median(), t.speedup().interval()))
        .toList();
  }

  /**
   * The trial to take: of those as fast as the fastest, but for noise, the one that asks for the
   * fewest threads; among these, the one with the shortest latency.
   */
  public TrialSummary best() {
    TrialSummary fastest = fastest();
    Interval interval = fastest.speedup().interval();
    double enough = interval == null ? fastest.speedup().median() * (1 - NOISE) : interval.low();
    return eligible().stream()
        .filter(trial -> trial.speedup().median() >= enough)
        .min(
            Comparator.comparingInt(
                    (TrialSummary t) -> t.trial().concurrency() * t.trial().intraOpThreads())
                .thenComparingDouble(Summary::latency))
        .orElseThrow();
  }
}
