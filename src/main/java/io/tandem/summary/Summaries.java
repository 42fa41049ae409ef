package io.tandem.summary;

import io.tandem.conf.Device;
import io.tandem.trial.Environment;
import io.tandem.trial.Rules;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Computes a benchmark's summary from its measurements. */
public final class Summaries {
  private final Environment environment;
  private final Rules rules;
  private final Trial serial;
  private final List<Trial> planned;
  private final Measured measured;

  /** All rounds, and those that are not left out. */
  private final Map<String, Map<Integer, TrialRound>> all = new HashMap<>();

  private final Map<String, Map<Integer, TrialRound>> rounds = new HashMap<>();
  private final TrialCeilings ceilings;
  private final Map<String, List<Disturbance>> disturbed = new HashMap<>();
  private final Map<String, Latency> forwards = new HashMap<>();
  private final Map<String, Agreement> agreements = new HashMap<>();

  private Summaries(Environment environment, List<Trial> trials, Measured measured) {
    this.environment = environment;
    this.rules = environment.rules();
    this.serial = trials.get(0);
    this.planned = trials;
    this.measured = measured;
    this.ceilings = new TrialCeilings(environment);
    for (TrialRound round : measured.rounds()) {
      all.computeIfAbsent(round.trial(), trial -> new TreeMap<>()).put(round.round(), round);
    }
    all.forEach(
        (trial, own) -> {
          List<Disturbance> out = Disturbance.of(own.values(), rules);
          Map<Integer, TrialRound> kept = new TreeMap<>(own);
          out.forEach(disturbance -> kept.remove(disturbance.round()));
          disturbed.put(trial, out);
          rounds.put(trial, kept);
        });
    for (Latency latency : measured.latencies()) {
      if (latency.step().equals(Latency.FORWARD)) {
        forwards.put(latency.trial(), latency);
      }
    }
    measured.agreements().forEach(agreement -> agreements.put(agreement.trial(), agreement));
  }

  /**
   * Summarizes a benchmark.
   *
   * @param planned the trials in the order of the plan, the serial baseline first
   * @throws IllegalArgumentException where the serial baseline was not measured
   */
  public static Summary of(Environment environment, List<Trial> planned, Measured measured) {
    Summaries summaries = new Summaries(environment, planned, measured);
    Map<Boolean, List<Trial>> external =
        planned.stream()
            .filter(trial -> summaries.rounds.containsKey(trial.id()))
            .collect(Collectors.partitioningBy(Trial::isExternal));
    List<Trial> trials = Objects.requireNonNull(external.get(false));
    List<TrialSummary> rows = trials.stream().map(summaries::summary).toList();
    List<Trial> complete = trials.stream().filter(trial -> !summaries.isDropped(trial)).toList();
    return new Summary(
        environment,
        rows,
        Objects.requireNonNull(external.get(true)).stream().map(summaries::summary).toList(),
        new ScalingFits(summaries.rounds, environment.cores(), summaries.rules.seed()).of(complete),
        summaries.ranking(rows),
        measured);
  }

  private boolean isDropped(Trial trial) {
    return measured.isDropped(trial.id(), serial.id());
  }

  /**
   * Ranks the trials by their rounds; by all of them, the disturbed ones too, if two trials share
   * too few without these: rounds are repeated only of trials that can still be the best.
   */
  private @Nullable Ranking ranking(List<TrialSummary> rows) {
    Ranking ranking = ranking(rows, this::rounds);
    return ranking != null ? ranking : ranking(rows, this::every);
  }

  private @Nullable Ranking ranking(
      List<TrialSummary> rows, Function<String, Map<Integer, TrialRound>> counted) {
    Map<String, Map<Integer, Double>> throughputs = new LinkedHashMap<>();
    Map<String, Set<Integer>> disturbedRounds = new HashMap<>();
    for (TrialSummary row : rows) {
      if (row.valid() && row.keepsResults() && !row.trial().isRepeat() && !isDropped(row.trial())) {
        Map<Integer, Double> own = new TreeMap<>();
        counted
            .apply(row.trial().id())
            .values()
            .forEach(r -> own.put(r.round(), r.framesPerSecond()));
        throughputs.put(row.trial().id(), own);
        disturbedRounds.put(
            row.trial().id(),
            Disturbance.all(every(row.trial().id()).values(), rules).stream()
                .map(Disturbance::round)
                .collect(Collectors.toSet()));
      }
    }
    return Ranking.of(throughputs, disturbedRounds, rules.seed());
  }

  private TrialSummary summary(Trial trial) {
    Map<Integer, TrialRound> own = rounds(trial.id());
    return new TrialSummary(
        trial,
        throughput(own.values()),
        speedup(trial),
        latency(trial),
        new TrialSummary.Load(
            Medians.of(own.values(), r -> r.load().busyCores()) / environment.cores(),
            Medians.ofKnown(own.values(), r -> r.load().gpu())),
        ceilings.of(trial, own.values()),
        trust(trial, every(trial.id()).values()));
  }

  private TrialSummary.Throughput throughput(Collection<TrialRound> rounds) {
    boolean compared = rounds.stream().allMatch(r -> r.work().commonUs() != null);
    return new TrialSummary.Throughput(
        rounds.stream().mapToLong(r -> r.work().frames()).sum(),
        rounds.size(),
        Medians.of(rounds, TrialRound::framesPerSecond),
        Ratio.of(rounds.stream().mapToDouble(TrialRound::framesPerSecond).toArray(), rules)
            .interval(),
        compared
            ? Medians.of(
                rounds, r -> r.work().frames() * 1e6 / Objects.requireNonNull(r.work().commonUs()))
            : null);
  }

  private TrialSummary.Speedup speedup(Trial trial) {
    Ratio ratio = ratio(trial.id(), serial.id());
    int processors = trial.processors(environment.cores());
    // Cores say nothing of a GPU, nor of a ratio between devices.
    boolean onGpu = trial.device() == Device.Kind.GPU || serial.device() == Device.Kind.GPU;
    // Efficiency is about lanes, which an external trial does not have.
    boolean noLanes = onGpu || trial.isExternal();
    return new TrialSummary.Speedup(
        ratio.median(),
        trial.equals(serial) ? null : ratio.interval(),
        ratio.isNarrow(),
        ofAllRounds(trial.id(), serial.id()).median(),
        allCores()
            .map(all -> ratio(trial.id(), all).median())
            .filter(Double::isFinite)
            .orElse(null),
        noLanes ? null : ratio.median() / processors,
        processors == 1 || noLanes ? null : Scalability.karpFlatt(ratio.median(), processors));
  }

  /** Compares two trials; a dropped one may share disturbed rounds only. */
  private Ratio ratio(String trial, String other) {
    boolean apart = Collections.disjoint(rounds(trial).keySet(), rounds(other).keySet());
    return apart
        ? ofAllRounds(trial, other)
        : Ratio.of(Ratio.within(rounds(trial), rounds(other)), rules);
  }

  private Ratio ofAllRounds(String trial, String other) {
    return Ratio.of(Ratio.within(every(trial), every(other)), rules);
  }

  private TrialSummary.LatencyMs latency(Trial trial) {
    Latency forward = forwards.get(trial.id());
    if (forward == null) {
      return TrialSummary.LatencyMs.UNKNOWN;
    }
    Latency.Distribution us = forward.us();
    Latency baseline = forwards.get(serial.id());
    return new TrialSummary.LatencyMs(
        us.p50() / 1e3,
        us.p90() / 1e3,
        us.p95() / 1e3,
        forward.knowsP99() ? us.p99() / 1e3 : null,
        baseline == null ? null : us.p50() / baseline.us().p50());
  }

  private TrialSummary.Trust trust(Trial trial, Collection<TrialRound> rounds) {
    Agreement agreement = agreements.getOrDefault(trial.id(), Agreement.unknown(trial.id()));
    return new TrialSummary.Trust(
        agreement,
        differing(trial, agreement),
        violations(trial, rounds, agreement),
        disturbed.getOrDefault(trial.id(), List.of()),
        rounds.stream()
            .map(round -> round.placement().lanes())
            .distinct()
            .collect(Collectors.joining(" or ")));
  }

  private double differing(Trial trial, Agreement agreement) {
    double same = Objects.requireNonNullElse(agreement.same(), 1.0);
    Double stated = trial.export().agreement();
    return stated == null || trial.export().equals(serial.export())
        ? 1 - same
        : 1 - Math.min(same, stated);
  }

  /** A ratio is no better than its denominator. */
  private List<String> violations(Trial trial, Collection<TrialRound> rounds, Agreement agreement) {
    Validity validity = new Validity(rules, environment.frames().count(), serial);
    List<String> broken = new ArrayList<>(validity.violations(trial, rounds, agreement));
    if (broken.isEmpty() && !isValid(serial, validity)) {
      broken.add("the baseline is invalid");
    }
    return broken;
  }

  private boolean isValid(Trial trial, Validity validity) {
    return validity
        .violations(trial, every(trial.id()).values(), Agreement.unknown(trial.id()))
        .isEmpty();
  }

  /** Returns the all-core baseline, where it was measured; on one core that is the serial one. */
  private Optional<String> allCores() {
    Optional<String> allCores =
        planned.stream()
            .filter(trial -> trial.role() == Trial.Role.ALL_CORE_BASELINE)
            .map(Trial::id)
            .findFirst();
    return environment.cores() == 1 ? allCores.or(() -> Optional.of(serial.id())) : allCores;
  }

  private Map<Integer, TrialRound> rounds(String trial) {
    return of(rounds, trial);
  }

  private Map<Integer, TrialRound> every(String trial) {
    return of(all, trial);
  }

  private static Map<Integer, TrialRound> of(
      Map<String, Map<Integer, TrialRound>> rounds, String trial) {
    Map<Integer, TrialRound> found = rounds.get(trial);
    if (found == null) {
      throw new IllegalArgumentException("no round of the baseline " + trial + " was recorded");
    }
    return found;
  }
}
