package io.tandem.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.DeviceChoice;
import io.tandem.conf.UsageException;
import org.junit.jupiter.api.Test;

final class LaneDeviceTest {
  @Test
  void auto_takesTheGpuThatSparkAssigned_elseTheCpu() {
    assertThat(LaneDevice.resolve(DeviceChoice.AUTO, "1", 2))
        .isEqualTo(new LaneDevice("gpu:1", "1"));
    assertThat(LaneDevice.resolve(DeviceChoice.AUTO, null, 2))
        .isEqualTo(new LaneDevice("cpu", null));
  }

  @Test
  void cpu_leavesAnAssignedGpuAlone() {
    assertThat(LaneDevice.resolve(DeviceChoice.CPU, "0", 1)).isEqualTo(new LaneDevice("cpu", null));
  }

  @Test
  void gpu_withoutAnAssignedOne_isRefused() {
    assertThatThrownBy(() -> LaneDevice.resolve(DeviceChoice.GPU, null, 4))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("device = gpu, but Spark assigned no GPU");
  }

  @Test
  void assignedGpu_thatLibtorchDoesNotSee_isRefused() {
    assertThatThrownBy(() -> LaneDevice.resolve(DeviceChoice.AUTO, "0", 0))
        .isInstanceOf(UsageException.class)
        .hasMessageStartingWith("Spark assigned GPU 0, but libtorch sees 0 GPUs here");
  }
}
