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

  /** Without an interval, a smaller difference than this share counts as noise. */
  private static final double NOISE = 0.05;

  public Summary {
    trials = List.copyOf(trials);
    external = List.copyOf(external);
    scaling = List.copyOf(scaling);
  }

  /** Returns all rows of its tables: the trials, then the external ones. */
  public List<TrialSummary> rows() {
    return Stream.concat(trials.stream(), external.stream()).toList();
  }

  /** Returns the serial baseline. */
  public TrialSummary serial() {
    return trials.get(0);
  }

  /** Returns the valid trial with the highest speedup; of all, where none is valid. */
  public TrialSummary fastest() {
    return Collections.max(eligible(), Comparator.comparingDouble(t -> t.speedup().median()));
  }

  private List<TrialSummary> eligible() {
    List<TrialSummary> valid = trials.stream().filter(TrialSummary::valid).toList();
    return valid.isEmpty() ? trials : valid;
  }

  /** Returns the conclusion: the best trial, its limit, and the next step. */
  public Verdict verdict() {
    return Verdicts.of(this);
  }

  /** Returns whether no valid trial has both more frames/s and a shorter forward pass. */
  public boolean isOnFrontier(TrialSummary trial) {
    return trial.valid()
        && eligible().stream()
            .noneMatch(
                other ->
                    other.throughput().fps() > trial.throughput().fps()
                        && latency(other) < latency(trial));
  }

  /** Returns the best trial and those that differ in this dimension only, in the plan's order. */
  public List<TrialSummary> besides(Function<Trial, Object> dimension) {
    TrialSummary best = best();
    return trials.stream()
        .filter(t -> t.equals(best) || Findings.differOnlyIn(dimension, t.trial(), best.trial()))
        .toList();
  }

  private static double latency(TrialSummary trial) {
    return Objects.requireNonNullElse(trial.latency().p50(), Double.MAX_VALUE);
  }

  /** Returns the trials that need more rounds, as their interval is too wide. */
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
   * Returns the recommended trial: of those within noise of the fastest, the one with the fewest
   * threads; among these, the one with the shortest latency.
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
