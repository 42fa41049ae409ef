package io.tandem.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Settings;
import io.tandem.conf.UsageException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource({"cpu, , 4, , 0", "gpu, 0, 4, , 4", "gpu, 0, 4, 2, 2", "cpu, , 4, 3, 3"})
  void decodeThreads_followTheDevice_unlessAskedFor(
      String name, @Nullable String gpu, int taskCpus, @Nullable Integer asked, int threads) {
    Settings.Lane lane = new Settings.Lane(16, 1_000_000, asked, 60);
    assertThat(LaneSpec.decodeThreads(lane, new LaneDevice(name, gpu), taskCpus))
        .isEqualTo(threads);
  }
}
