package io.tandem.trial;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.text.Words;
import io.tandem.trial.Trial.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * Distinct trials of a benchmark. The first is the serial baseline: one lane with one thread on the
 * first device. If the CPU is measured and has several cores, the second is the all-core baseline:
 * one lane with a thread for each core.
 */
public record Plan(List<Trial> trials, List<LeftOut> leftOut, long seed) {

  /** A combination of settings that is not useful, with the reason. */
  public record LeftOut(Trial trial, String why) {}

  public Plan {
    trials = List.copyOf(trials);
    leftOut = List.copyOf(leftOut);
  }

  /**
   * Returns the plan of the settings.
   *
   * @param devices the kinds of device to measure
   * @param exports the model's exports to measure
   * @param cores the cores that the lanes share
   * @param laneCores the cores that one lane can use: those of one executor
   */
  public static Plan of(
      BenchmarkSettings settings,
      List<Device.Kind> devices,
      List<Export> exports,
      int cores,
      int laneCores) {
    Map<String, Trial> trials = new LinkedHashMap<>();
    LaneConfig first = config(settings, devices.get(0), exports.get(0), 1);
    add(trials, Trial.of(first, 1, Role.SERIAL_BASELINE));
    int threads = Math.min(cores, laneCores);
    if (devices.contains(Device.Kind.CPU) && threads > 1) {
      LaneConfig all = config(settings, Device.Kind.CPU, exports.get(0), threads);
      add(trials, Trial.of(all, 1, Role.ALL_CORE_BASELINE));
    } else if (devices.contains(Device.Kind.CPU)) {
      LaneConfig one = config(settings, Device.Kind.CPU, exports.get(0), 1);
      add(trials, Trial.of(one, 1, Role.VARIANT));
    }
    Map<String, LeftOut> leftOut = new LinkedHashMap<>();
    for (Trial trial : combinations(settings, devices, exports, cores)) {
      String why = exclusion(trial, cores);
      if (why == null) {
        add(trials, trial);
      } else {
        leftOut.put(trial.id(), new LeftOut(trial, why));
      }
    }
    if (settings.aaRepeat()) {
      add(trials, Trial.of(first, 1, Role.REPEAT));
    }
    return new Plan(List.copyOf(trials.values()), List.copyOf(leftOut.values()), settings.seed());
  }

  /** Adds a trial unless its id is already planned: a baseline is not repeated as a variant. */
  private static void add(Map<String, Trial> trials, Trial trial) {
    trials.putIfAbsent(trial.id(), trial);
  }

  private static LaneConfig config(
      BenchmarkSettings settings, Device.Kind device, Export export, int threads) {
    return new LaneConfig(
        DeviceChoice.of(device),
        threads,
        settings.grid().batchSizes().get(0),
        export,
        settings.grid().modelScopes().get(0));
  }

  /** Returns the plan for one machine, where each lane can use all cores. */
  static Plan of(
      BenchmarkSettings settings, List<Device.Kind> devices, List<Export> exports, int cores) {
    return of(settings, devices, exports, cores, cores);
  }

  /** Returns the cartesian product of the dimensions; the last one varies fastest. */
  private static List<Trial> combinations(
      BenchmarkSettings settings, List<Device.Kind> devices, List<Export> exports, int cores) {
    BenchmarkSettings.Grid grid = settings.grid();
    List<Setting> all =
        List.of(new Setting(config(settings, devices.get(0), exports.get(0), 1), 1));
    all = times(all, devices, Setting::on);
    all = times(all, grid.modelScopes(), Setting::shared);
    all = times(all, exports, Setting::of);
    all = times(all, grid.batchSizes(), Setting::batched);
    all = times(all, grid.intraOpThreads(), Setting::threaded);
    all = times(all, concurrencies(settings, cores), Setting::lanes);
    return all.stream().map(one -> Trial.of(one.lane(), one.lanes(), Role.VARIANT)).toList();
  }

  /** Returns each setting with each value of one more dimension. */
  private static <T> List<Setting> times(
      List<Setting> settings, List<T> values, BiFunction<Setting, T, Setting> with) {
    return settings.stream()
        .flatMap(setting -> values.stream().map(value -> with.apply(setting, value)))
        .toList();
  }

  /** A point of the grid; each method returns a copy with one dimension changed. */
  private record Setting(LaneConfig lane, int lanes) {
    Setting on(Device.Kind device) {
      return with(
          DeviceChoice.of(device),
          lane.intraOpThreads(),
          lane.batchSize(),
          lane.export(),
          lane.modelScope());
    }

    Setting shared(ModelScope scope) {
      return with(lane.device(), lane.intraOpThreads(), lane.batchSize(), lane.export(), scope);
    }

    Setting of(Export export) {
      return with(
          lane.device(), lane.intraOpThreads(), lane.batchSize(), export, lane.modelScope());
    }

    Setting batched(int frames) {
      return with(lane.device(), lane.intraOpThreads(), frames, lane.export(), lane.modelScope());
    }

    Setting threaded(int threads) {
      return with(lane.device(), threads, lane.batchSize(), lane.export(), lane.modelScope());
    }

    Setting lanes(int concurrency) {
      return new Setting(lane, concurrency);
    }

    private Setting with(
        DeviceChoice device, int threads, int batchSize, Export export, ModelScope scope) {
      return new Setting(new LaneConfig(device, threads, batchSize, export, scope), lanes);
    }
  }

  /** Returns why a trial is excluded; null if it is not. */
  private static @Nullable String exclusion(Trial trial, int cores) {
    int threads = trial.intraOpThreads();
    if (!trial.export().runsOn(trial.device())) {
      return "the export %s runs on a %s only".formatted(trial.export(), trial.export().device());
    }
    if (threads == 1) {
      return null;
    }
    if (trial.device() != Device.Kind.CPU) {
      return "threads inside a prediction are the CPU's";
    }
    if (threads > cores) {
      return "one prediction has more threads than the %s".formatted(Words.count(cores, "core"));
    }
    return trial.threads() > 2 * cores
        ? "%d threads are more than twice the %s"
            .formatted(trial.threads(), Words.count(cores, "core"))
        : null;
  }

  /**
   * Returns a plan without the trials that need more lanes than slots are available.
   *
   * @param slots returns the number of slots for a trial's device
   */
  public Plan within(ToIntFunction<Trial> slots) {
    return new Plan(
        trials.stream().filter(t -> t.concurrency() <= slots.applyAsInt(t)).toList(),
        leftOut,
        seed);
  }

  /** Returns a plan with only these trials and the baselines. */
  public Plan only(Set<Trial> some) {
    List<Trial> baselines = baselines();
    return new Plan(
        trials.stream().filter(t -> some.contains(t) || baselines.contains(t)).toList(),
        leftOut,
        seed);
  }

  /** Returns a plan with the trials of external implementations appended. */
  public Plan with(List<Trial> external) {
    List<Trial> more = new ArrayList<>(trials);
    more.addAll(external);
    return new Plan(more, leftOut, seed);
  }

  /** Returns the serial baseline and, if present, the all-core baseline. */
  public List<Trial> baselines() {
    return trials.stream().filter(Trial::isBaseline).toList();
  }

  /** Returns the CPU trials with more threads than cores. */
  public List<Trial> oversubscribed(int cores) {
    return trials.stream().filter(trial -> trial.isOversubscribed(cores)).toList();
  }

  /** Returns the largest concurrency of the plan, which is the number of task slots it needs. */
  public static int largestConcurrency(BenchmarkSettings settings, int cores) {
    return Math.max(1, Collections.max(concurrencies(settings, cores)));
  }

  /**
   * Returns the configured concurrencies; by default 1, 2, 3, 4, 6, 8, 12, 16, ... below the number
   * of cores, that number, and the next value above it.
   */
  static List<Integer> concurrencies(BenchmarkSettings settings, int cores) {
    if (!settings.grid().concurrency().isEmpty()) {
      return settings.grid().concurrency();
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

  /** Returns the next of 1, 2, 3, 4, 6, 8, 12, 16, 24, ...: powers of two and their midpoints. */
  private static int next(int lanes) {
    if (lanes < 2) {
      return lanes + 1;
    }
    int power = Integer.highestOneBit(lanes);
    return lanes == power ? power + power / 2 : 2 * power;
  }

  /**
   * Returns the trials in the random order of a round, numbered from 1; deterministic for a seed.
   */
  public List<Trial> order(int round) {
    List<Trial> order = new ArrayList<>(trials);
    Collections.shuffle(order, new Random(seed + round));
    return order;
  }
}
