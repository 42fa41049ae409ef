package io.tandem.lane;

import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.engine.Engine;
import io.tandem.telemetry.TelemetryState;
import java.io.Serializable;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/**
 * The device of one lane.
 *
 * @param device the device, with the engine's index in this process
 * @param gpuAddress the GPU that Spark assigned to the task, even if the lane does not use it; null
 *     if none
 */
public record LaneDevice(Device device, @Nullable String gpuAddress) implements Serializable {

  /**
   * Resolves the user's choice in the running task; outside a task, no GPU is assigned.
   *
   * @throws DeviceException if a GPU is requested and none is assigned, or the engine sees none
   */
  static LaneDevice ofThisTask(DeviceChoice choice, Engine engine) {
    TaskContext task = TaskContext.get();
    Map<String, ResourceInformation> resources = task == null ? Map.of() : task.resourcesJMap();
    ResourceInformation gpu = resources.get("gpu");
    return resolve(
        choice,
        gpu == null ? null : gpu.addresses()[0],
        new VisibleGpus(
            engine.gpuCount(),
            System.getenv("CUDA_VISIBLE_DEVICES"),
            TelemetryState.ofThisJvm().gpus()));
  }

  static LaneDevice resolve(DeviceChoice choice, @Nullable String assigned, VisibleGpus visible) {
    if (choice == DeviceChoice.CPU || (choice == DeviceChoice.AUTO && assigned == null)) {
      return new LaneDevice(Device.CPU, assigned);
    }
    if (assigned == null) {
      throw new DeviceException(
          "device = gpu, but Spark assigned no GPU to the task; "
              + "set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount, "
              + "or device = auto");
    }
    return new LaneDevice(Device.gpu(visible.ordinalOf(assigned)), assigned);
  }

  /** Returns the name in columns: "cpu", or "gpu:" with the address that Spark assigned. */
  public String name() {
    return device.isGpu() ? "gpu:" + gpuAddress : device.toString();
  }
}
