package io.tandem.trial;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.trial.Trial.Role;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Makes trials for tests. */
public final class Trials {
  public static final Export FP32 = export("fp32");
  public static final ExternalInfo THEIRS =
      new ExternalInfo("DJL's Spark extension", "loads its model", "Its time.");

  /** Small settings by the ids that the program gives them. */
  private static final Map<String, Trial> BY_ID = new HashMap<>();

  static {
    for (String export : List.of("fp32", "bf16", "int8", "sleep")) {
      for (Device.Kind device : Device.Kind.values()) {
        for (ModelScope scope : ModelScope.values()) {
          for (int batchSize : List.of(1, 4, 8)) {
            for (int threads : List.of(1, 2, 4)) {
              for (int lanes = 1; lanes <= 16; lanes++) {
                LaneConfig config =
                    new LaneConfig(
                        DeviceChoice.of(device), threads, batchSize, export(export), scope);
                Trial trial = Trial.of(config, lanes, Role.VARIANT);
                BY_ID.put(trial.id(), trial);
              }
            }
          }
        }
      }
    }
  }

  private Trials() {}

  /** Returns a TorchScript export that is named by its precision. */
  public static Export export(String precision) {
    return new Export(precision, "pytorch", precision);
  }

  /** Returns lanes on the CPU. */
  public static LaneConfig config(int threads, int batchSize, Export export, ModelScope scope) {
    return new LaneConfig(DeviceChoice.CPU, threads, batchSize, export, scope);
  }

  /** Returns lanes on this device, with batch 4, fp32 and one model for each executor. */
  public static Trial on(Device.Kind device, int lanes, int threads) {
    LaneConfig config =
        new LaneConfig(DeviceChoice.of(device), threads, 4, FP32, ModelScope.EXECUTOR);
    return Trial.of(config, lanes, Role.VARIANT);
  }

  /** Returns the small setting that the program gives this id. */
  public static Trial named(String id) {
    return Objects.requireNonNull(BY_ID.get(id), id);
  }

  /** Returns the trials of these ids, the first of them the serial baseline. */
  public static List<Trial> planned(String... ids) {
    List<Trial> trials = new ArrayList<>();
    for (String id : ids) {
      Trial trial = named(id);
      boolean allCores =
          trial.device() == Device.Kind.CPU
              && trial.concurrency() == 1
              && trial.intraOpThreads() > 1;
      Role role =
          trials.isEmpty()
              ? Role.SERIAL_BASELINE
              : allCores ? Role.ALL_CORE_BASELINE : Role.VARIANT;
      trials.add(Trial.of(trial.lane(), trial.concurrency(), role));
    }
    return trials;
  }

  /** Returns the trials with one more, of another implementation. */
  public static List<Trial> with(List<Trial> trials, Trial external) {
    List<Trial> more = new ArrayList<>(trials);
    more.add(external);
    return more;
  }
}
