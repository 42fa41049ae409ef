package io.tandem.summary;

import io.tandem.trial.Environment;
import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A benchmark of trials whose true throughputs are known, on a noisy machine: it stops as a real
 * one does, by the looks and the budget.
 */
public final class SimulatedBenchmark {
  static final int CORES = 4;

  /** Seconds of a trial, with what surrounds it. */
  private static final double TRIAL_SECONDS = 1.9;

  private static final double BUDGET_SECONDS = 120;

  /** Ways in which throughput grows with lanes. */
  public enum Law {
    AMDAHL,
    SCALABILITY,
    SATURATED_DEVICE,
    OVERSUBSCRIPTION,
    DECODING_BOUND,
    MODEL_RELOADED,
    BATCH_SIZES
  }

  private final Random random;
  private final boolean heavyTails;
  private final Law law;
  private final double noise;
  private final Map<String, Double> truth = new LinkedHashMap<>();
  private final Summary summary;

  public SimulatedBenchmark(long seed, Law law, double noise) {
    this.random = new Random(seed);
    this.heavyTails = seed % 2 == 1;
    this.law = law;
    this.noise = noise;
    trials();
    this.summary = run();
  }

  public Summary summary() {
    return summary;
  }

  /** Returns the true throughput of a trial. */
  double truth(TrialSummary trial) {
    return truth.getOrDefault(trial.trial().id(), 0.0);
  }

  double best() {
    return truth.values().stream().mapToDouble(Double::doubleValue).max().orElseThrow();
  }

  private void trials() {
    String device = law == Law.SATURATED_DEVICE ? "gpu" : "cpu";
    truth.put(device + "-1x1-b4-fp32-executor", 100.0);
    if (law != Law.SATURATED_DEVICE) {
      truth.put("cpu-1x4-b4-fp32-executor", 100 * between(1.5, 3));
    }
    double serial = between(0.01, 0.3);
    double sigma = between(0.02, 0.3);
    double kappa = between(0, 0.03);
    double beyond = between(0.85, 1.05);
    for (int lanes : new int[] {2, 3, 4, 6}) {
      double gain =
          switch (law) {
            case AMDAHL, BATCH_SIZES -> 1 / (serial + (1 - serial) / Math.min(lanes, CORES));
            case SCALABILITY -> lanes / (1 + sigma * (lanes - 1) + kappa * lanes * (lanes - 1));
            case SATURATED_DEVICE -> 1 + serial * (1 - 1.0 / lanes);
            case OVERSUBSCRIPTION -> Math.min(lanes, CORES) * 0.9 * (lanes > CORES ? beyond : 1);
            case DECODING_BOUND, MODEL_RELOADED -> Math.min(lanes, 1 + 8 * serial);
          };
      truth.put("%s-%dx1-b4-fp32-executor".formatted(device, lanes), 100 * gain);
      if (law == Law.BATCH_SIZES) {
        truth.put("cpu-%dx1-b8-fp32-executor".formatted(lanes), 100 * gain * beyond);
      }
    }
    if (law == Law.MODEL_RELOADED) {
      truth.put("cpu-4x1-b4-fp32-prediction", 100 * between(0.5, 1.2));
    }
  }

  private double between(double low, double high) {
    return low + random.nextDouble() * (high - low);
  }

  private Summary run() {
    Stopping stopping = new Stopping(6, 0.05, BUDGET_SECONDS);
    List<Trial> planned = Trials.planned(truth.keySet().toArray(String[]::new));
    Set<String> left = Set.copyOf(truth.keySet());
    List<TrialRound> rounds = new ArrayList<>();
    double drift = between(-0.01, 0.01);
    double spent = 0;
    double last = 0;
    for (int round = 1; stopping.allows(round, 0, spent, last); round++) {
      for (String trial : truth.keySet()) {
        if (left.contains(trial)) {
          rounds.add(measured(trial, round, Math.exp(drift * round)));
        }
      }
      last = left.size() * TRIAL_SECONDS;
      spent += last;
      if (stopping.looksAfter(round)) {
        Set<String> open =
            summary(planned, rounds, stopping).undecided().stream()
                .map(t -> t.trial().id())
                .collect(Collectors.toSet());
        if (open.isEmpty()) {
          break;
        }
        planned.stream().filter(Trial::isBaseline).forEach(trial -> open.add(trial.id()));
        left = open;
      }
    }
    return summary(planned, rounds, stopping);
  }

  private TrialRound measured(String trial, int round, double drift) {
    double shake =
        noise
            * (heavyTails ? student() : random.nextGaussian() * (random.nextInt(20) == 0 ? 2 : 1));
    double burst = random.nextInt(15) == 0 ? -noise * 2 * random.nextDouble() : 0;
    double fps = truth.getOrDefault(trial, 0.0) * drift * Math.exp(shake + burst);
    boolean parallel = !trial.contains("-1x1-");
    return new TrialRound(
        trial,
        round,
        new TrialRound.Work(1, Math.round(fps * 1_000), 1_000_000_000, 1_000_000_000L),
        new TrialRound.Load(parallel ? 0.95 * CORES : 1, null),
        TrialRound.Ceilings.NOT_MEASURED,
        Rounds.UNDISTURBED,
        Rounds.HERE);
  }

  /** Student's t with 3 degrees of freedom, of variance 1. */
  private double student() {
    double chiSquare = 0;
    for (int i = 0; i < 3; i++) {
      chiSquare += Math.pow(random.nextGaussian(), 2);
    }
    return random.nextGaussian() / Math.sqrt(chiSquare);
  }

  private static Summary summary(List<Trial> planned, List<TrialRound> rounds, Stopping stopping) {
    Environment like = Rounds.environment(0, CORES);
    Environment environment =
        new Environment(
            like.software(),
            like.machine(),
            like.model(),
            like.frames(),
            new Rules(stopping, 1, 8, 0.05, Rounds.RULES.interference(), 20_000, 0.02, 1));
    List<Latency> latencies = new ArrayList<>();
    for (Trial trial : planned) {
      double us = 4e4 * Math.max(1, trial.threads() / (double) CORES);
      latencies.add(
          new Latency(
              trial.id(), Latency.FORWARD, 500, new Latency.Distribution(us, us, us, us, us, us)));
    }
    return Summaries.of(
        environment, planned, new Measured(rounds, latencies, List.of(), List.of(), List.of(), 0));
  }
}
