package io.tandem.summary;

import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.commons.math3.stat.descriptive.rank.Median;
import org.jspecify.annotations.Nullable;

/** Makes a benchmark's summary from its rounds. */
public final class Summaries {
  /** A 99th percentile asks for at least so many observations. */
  private static final int FORWARDS_FOR_P99 = 1_000;

  private final Environment environment;
  private final Map<String, Map<Integer, TrialRound>> rounds = new HashMap<>();
  private final Map<String, ForwardLatency> latencies = new HashMap<>();

  private Summaries(
      Environment environment, List<TrialRound> rounds, List<ForwardLatency> latencies) {
    this.environment = environment;
    for (TrialRound round : rounds) {
      this.rounds
          .computeIfAbsent(round.trial(), trial -> new TreeMap<>())
          .put(round.round(), round);
    }
    latencies.forEach(latency -> this.latencies.put(latency.trial(), latency));
  }

  /**
   * @param environment names the trials, the serial baseline first, the one with every core second
   * @throws IllegalArgumentException where the serial baseline was not measured
   */
  public static Summary of(
      Environment environment,
      List<TrialRound> rounds,
      List<ForwardLatency> latencies,
      long failedFrames) {
    Summaries summaries = new Summaries(environment, rounds, latencies);
    List<TrialSummary> trials = new ArrayList<>();
    for (String trial : environment.trials()) {
      if (summaries.rounds.containsKey(trial)) {
        trials.add(summaries.summary(trial));
      }
    }
    return new Summary(environment, trials, failedFrames);
  }

  private TrialSummary summary(String id) {
    Trial trial = Trial.of(id);
    Map<Integer, TrialRound> own = rounds(id);
    ForwardLatency latency = latencies.get(id);
    ForwardLatency serialLatency = latencies.get(serial());
    double speedup = ratio(own, rounds(serial()));
    int processors = Math.min(trial.concurrency() * trial.intraOpThreads(), environment.cores());
    return new TrialSummary(
        trial,
        own.values().stream().mapToLong(TrialRound::frames).sum(),
        own.size(),
        median(own, TrialRound::framesPerSecond),
        common(own),
        speedup,
        null,
        null,
        ratio(own, rounds(allCores())),
        speedup / processors,
        latency == null ? null : latency.p50() / 1e3,
        latency == null ? null : latency.p90() / 1e3,
        latency == null ? null : latency.p95() / 1e3,
        latency == null || latency.forwards() < FORWARDS_FOR_P99 ? null : latency.p99() / 1e3,
        latency == null || serialLatency == null ? null : latency.p50() / serialLatency.p50(),
        median(own, TrialRound::busyCores) / environment.cores(),
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null,
        null);
  }

  private String serial() {
    return environment.trials().get(0);
  }

  /** One lane with every core; on one core that is the serial baseline itself. */
  private String allCores() {
    if (environment.trials().size() > 1) {
      Trial second = Trial.of(environment.trials().get(1));
      if (second.concurrency() == 1 && second.intraOpThreads() == environment.cores()) {
        return environment.trials().get(1);
      }
    }
    return serial();
  }

  private Map<Integer, TrialRound> rounds(String trial) {
    Map<Integer, TrialRound> found = rounds.get(trial);
    if (found == null) {
      throw new IllegalArgumentException("no round of the baseline " + trial + " was recorded");
    }
    return found;
  }

  /** The median of the ratios of throughput within each round that both have. */
  private static double ratio(Map<Integer, TrialRound> of, Map<Integer, TrialRound> to) {
    double[] ratios =
        of.values().stream()
            .filter(round -> to.containsKey(round.round()))
            .mapToDouble(
                round ->
                    round.framesPerSecond()
                        / java.util.Objects.requireNonNull(to.get(round.round())).framesPerSecond())
            .toArray();
    return new Median().evaluate(ratios);
  }

  private static double median(
      Map<Integer, TrialRound> rounds, ToDoubleFunction<TrialRound> value) {
    return new Median().evaluate(rounds.values().stream().mapToDouble(value).toArray());
  }

  private static @Nullable Double common(Map<Integer, TrialRound> rounds) {
    List<Double> values = new ArrayList<>();
    for (TrialRound round : rounds.values()) {
      Long commonUs = round.commonUs();
      if (commonUs == null) {
        return null;
      }
      values.add(round.frames() * 1e6 / commonUs);
    }
    return new Median().evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
  }
}
