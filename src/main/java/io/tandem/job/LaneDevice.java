package io.tandem.job;

import io.tandem.conf.DeviceChoice;
import io.tandem.conf.UsageException;
import io.tandem.infer.TorchEngine;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.jspecify.annotations.Nullable;

/** The device of one lane: "cpu" or "gpu:N", and the address that Spark assigned, if it did. */
record LaneDevice(String name, @Nullable String gpuAddress) {

  /**
   * Resolves the user's choice in the running task.
   *
   * @throws UsageException where a GPU is asked for and none is assigned, or libtorch sees none
   */
  static LaneDevice ofThisTask(DeviceChoice choice) {
    Map<String, ResourceInformation> resources = TaskContext.get().resourcesJMap();
    ResourceInformation gpu = resources.get("gpu");
    return resolve(choice, gpu == null ? null : gpu.addresses()[0], TorchEngine.gpuCount());
  }

  static LaneDevice resolve(DeviceChoice choice, @Nullable String assigned, int visibleGpus) {
    if (choice == DeviceChoice.CPU || (choice == DeviceChoice.AUTO && assigned == null)) {
      return new LaneDevice("cpu", null);
    }
    if (assigned == null) {
      throw new UsageException(
          "device = gpu, but Spark assigned no GPU to the task; "
              + "set spark.executor.resource.gpu.amount and spark.task.resource.gpu.amount, "
              + "or device = auto");
    }
    if (!assigned.matches("\\d+") || Integer.parseInt(assigned) >= visibleGpus) {
      throw new UsageException(
          "Spark assigned GPU %s, but libtorch sees %d GPUs here; a CUDA libtorch is needed, by engine.library-path or on the class path"
              .formatted(assigned, visibleGpus));
    }
    return new LaneDevice("gpu:" + assigned, assigned);
  }
}
