package io.tandem.trial;

import io.tandem.conf.ModelScope;
import io.tandem.conf.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The trials of a benchmark, each once. The first is the serial baseline, one lane with one thread
 * on the first device; the second, where the CPU is measured and has more than one core, is one
 * lane with a thread for each core.
 */
public record Plan(List<Trial> trials, List<LeftOut> leftOut, long seed) {

  private static final String CPU = "cpu";

  /** A combination of the settings that makes no sense. */
  public record LeftOut(Trial trial, String why) {}

  public Plan {
    trials = List.copyOf(trials);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * @param devices "cpu" and "gpu", or one of them
   * @param precisions the model's exports to measure
   * @param cores the cores that the lanes share
   * @param laneCores how many of them one lane can use: those of one executor
   */
  public static Plan of(
      Settings.Benchmark settings,
      List<String> devices,
      List<String> precisions,
      int cores,
      int laneCores) {
    int batchSize = settings.batchSizes().get(0);
    String precision = precisions.get(0);
    ModelScope scope = settings.modelScopes().get(0);
    Set<Trial> trials = new LinkedHashSet<>();
    Set<LeftOut> leftOut = new LinkedHashSet<>();
    trials.add(new Trial(devices.get(0), 1, 1, batchSize, precision, scope));
    if (devices.contains(CPU)) {
      trials.add(new Trial(CPU, 1, Math.min(cores, laneCores), batchSize, precision, scope));
    }
    for (Trial trial : combinations(settings, devices, precisions, cores)) {
      String why = senseless(trial, cores);
      if (why == null) {
        trials.add(trial);
      } else {
        leftOut.add(new LeftOut(trial, why));
      }
    }
    if (settings.again()) {
      trials.add(new Trial(devices.get(0), 1, 1, batchSize, precision, scope, true, null));
    }
    return new Plan(List.copyOf(trials), List.copyOf(leftOut), settings.seed());
  }

  /** A plan for one machine, whose cores each lane can use. */
  static Plan of(
      Settings.Benchmark settings, List<String> devices, List<String> precisions, int cores) {
    return of(settings, devices, precisions, cores, cores);
  }

  private static List<Trial> combinations(
      Settings.Benchmark settings, List<String> devices, List<String> precisions, int cores) {
    List<Trial> trials = new ArrayList<>();
    for (String device : devices) {
      for (ModelScope modelScope : settings.modelScopes()) {
        for (String export : precisions) {
          for (int frames : settings.batchSizes()) {
            for (int threads : settings.intraOpThreads()) {
              for (int lanes : concurrencies(settings, cores)) {
                trials.add(new Trial(device, lanes, threads, frames, export, modelScope));
              }
            }
          }
        }
      }
    }
    return trials;
  }

  /** Why nobody would want to know; null where somebody may. */
  private static @Nullable String senseless(Trial trial, int cores) {
    int threads = trial.intraOpThreads();
    if (threads == 1) {
      return null;
    }
    if (!trial.device().equals(CPU)) {
      return "threads inside a prediction are the CPU's";
    }
    if (threads > cores) {
      return "one prediction has more threads than the %d cores".formatted(cores);
    }
    return trial.concurrency() * threads > 2 * cores
        ? "%d threads are more than twice the %d cores"
            .formatted(trial.concurrency() * threads, cores)
        : null;
  }

  /**
   * The same plan without the trials that need more lanes than there are.
   *
   * @param slots how many lanes can work at the same time, where the trial's do
   */
  public Plan within(ToIntFunction<Trial> slots) {
    return new Plan(
        trials.stream().filter(t -> t.concurrency() <= slots.applyAsInt(t)).toList(),
        leftOut,
        seed);
  }

  /** The same plan with only these trials, and the baselines. */
  public Plan only(Set<Trial> some) {
    List<Trial> baselines = baselines();
    return new Plan(
        trials.stream().filter(t -> some.contains(t) || baselines.contains(t)).toList(),
        leftOut,
        seed);
  }

  /** The same plan with somebody else's trials as its last. */
  public Plan with(List<Trial> contenders) {
    List<Trial> more = new ArrayList<>(trials);
    more.addAll(contenders);
    return new Plan(more, leftOut, seed);
  }

  /** The serial baseline, and where there is such a one, one lane with a thread for each core. */
  public List<Trial> baselines() {
    boolean two = trials.size() > 1 && trials.get(1).isAllCores();
    return trials.subList(0, two ? 2 : 1);
  }

  /** The trials on the CPU whose threads are more than the cores. */
  public List<Trial> oversubscribed(int cores) {
    return trials.stream()
        .filter(t -> t.device().equals(CPU) && t.concurrency() * t.intraOpThreads() > cores)
        .toList();
  }

  /** The most lanes that work at the same time: as many task slots are needed. */
  public static int largestConcurrency(Settings.Benchmark settings, int cores) {
    return Math.max(1, Collections.max(concurrencies(settings, cores)));
  }

  /**
   * The settings' own, or else 1, 2, 3, 4, 6, 8, 12, 16, ... up to the cores, the cores, and the
   * next one above.
   */
  static List<Integer> concurrencies(Settings.Benchmark settings, int cores) {
    if (!settings.concurrency().isEmpty()) {
      return settings.concurrency();
    }
    List<Integer> result = new ArrayList<>();
    int lanes = 1;
    while (lanes < cores) {
      result.add(lanes);
      lanes = next(lanes);
    }
    result.add(cores);
    result.add(lanes > cores ? lanes : next(lanes));
    return result;
  }

  /** 1, 2, 3, 4, 6, 8, 12, 16, 24, ...: powers of two, and their halfway points. */
  private static int next(int lanes) {
    if (lanes < 2) {
      return lanes + 1;
    }
    int power = Integer.highestOneBit(lanes);
    return lanes == power ? power + power / 2 : 2 * power;
  }

  /** The order of one round, from 1: random, and the same for the same seed. */
  public List<Trial> order(int round) {
    List<Trial> order = new ArrayList<>(trials);
    Collections.shuffle(order, new Random(seed + round));
    return order;
  }
}
