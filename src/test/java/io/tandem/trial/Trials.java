package io.tandem.trial;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Export;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.trial.Trial.Role;

/** Makes trials for tests: batch 4, fp32, one model for each executor, unless changed. */
public final class Trials {
  public static final Export FP32 = export("fp32");

  private Trials() {}

  /** Returns a TorchScript export that is named by its precision. */
  public static Export export(String precision) {
    return new Export(precision, "pytorch", precision);
  }

  /** Returns lanes on the CPU. */
  public static LaneConfig config(int threads, int batchSize, Export export, ModelScope scope) {
    return new LaneConfig(DeviceChoice.CPU, threads, batchSize, export, scope);
  }

  /** Returns lanes on this device that measure one setting among others. */
  public static Trial on(Device.Kind device, int lanes, int threads) {
    LaneConfig config =
        new LaneConfig(DeviceChoice.of(device), threads, 4, FP32, ModelScope.EXECUTOR);
    return Trial.of(config, lanes, Role.VARIANT);
  }

  /** Returns lanes on the CPU that run an export of this precision. */
  public static Trial of(int lanes, String precision) {
    return Trial.of(config(1, 4, export(precision), ModelScope.EXECUTOR), lanes, Role.VARIANT);
  }
}
