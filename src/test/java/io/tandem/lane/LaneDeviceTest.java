package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.AutoInt;
import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LaneDeviceTest {
  private static final VisibleGpus TWO = new VisibleGpus(2, null, List.of("0", "1"));

  @Test
  void auto_takesTheGpuThatSparkAssigned_elseTheCpu() {
    assertThat(LaneDevice.resolve(DeviceChoice.AUTO, "1", TWO))
        .isEqualTo(new LaneDevice(Device.gpu(1), "1"));
    assertThat(LaneDevice.resolve(DeviceChoice.AUTO, null, TWO))
        .isEqualTo(new LaneDevice(Device.CPU, null));
  }

  @Test
  void cpu_leavesAnAssignedGpuAlone() {
    assertThat(LaneDevice.resolve(DeviceChoice.CPU, "0", TWO))
        .isEqualTo(new LaneDevice(Device.CPU, "0"));
  }

  @Test
  void gpu_withoutAnAssignedOne_isRefused() {
    assertThatThrownBy(() -> LaneDevice.resolve(DeviceChoice.GPU, null, TWO))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("device = gpu, but Spark assigned no GPU");
  }

  @Test
  void assignedGpu_whereLibtorchSeesNone_isRefused() {
    assertThatThrownBy(
            () ->
                LaneDevice.resolve(DeviceChoice.AUTO, "0", new VisibleGpus(0, null, List.of("0"))))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith(
            "Spark assigned GPU 0, but the engine sees no GPU here; it needs a CUDA");
  }

  /** Address, GPUs that CUDA shows, CUDA_VISIBLE_DEVICES, what the executor was granted. */
  @ParameterizedTest
  @CsvSource({
    "0, 1, , 0, 0",
    "3, 4, , 0 1 2 3, 3",
    "3, 4, , 3, 3",
    "3, 4, , , 3",
    "3, 1, , 3, 0",
    "2, 2, , 2 3, 0",
    "10, 2, , 10 9, 1",
    "3, 2, '2,3', 2 3, 1",
    "2, 2, '3, 2', 2 3, 1",
    "GPU-b, 2, 'GPU-a,GPU-b', , 1",
    "GPU-b, 2, , GPU-a GPU-b, 1",
  })
  void address_isResolvedAgainstWhatIsVisible(
      String address, int count, @Nullable String visible, @Nullable String granted, int ordinal) {
    List<String> all = granted == null ? List.of() : List.of(granted.split(" ", -1));
    LaneDevice device =
        LaneDevice.resolve(DeviceChoice.GPU, address, new VisibleGpus(count, visible, all));
    assertThat(device).isEqualTo(new LaneDevice(Device.gpu(ordinal), address));
    assertThat(device.name()).isEqualTo("gpu:" + address);
  }

  @ParameterizedTest
  @CsvSource({
    "3, 1, '0', 3, CUDA_VISIBLE_DEVICES=0 leaves it out",
    "3, 2, , 3, numbered from 0",
    "3, 2, , , numbered from 0",
    "1, 1, '0,1', 0 1, CUDA_VISIBLE_DEVICES=0,1 leaves it out",
    "GPU-b, 2, , , numbered from 0",
  })
  void addressThatCannotBeSeen_isRefused(
      String address,
      int count,
      @Nullable String visible,
      @Nullable String granted,
      String message) {
    List<String> all = granted == null ? List.of() : List.of(granted.split(" ", -1));
    VisibleGpus gpus = new VisibleGpus(count, visible, all);
    assertThatThrownBy(() -> gpus.ordinalOf(address))
        .isInstanceOf(DeviceException.class)
        .hasMessageStartingWith("Spark assigned GPU " + address)
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource({"CPU, , 4, , 0", "GPU, 0, 4, , 4", "GPU, 0, 4, 2, 2", "CPU, 0, 4, 3, 3"})
  void decodeThreads_followTheDevice_unlessAskedFor(
      Device.Kind kind, @Nullable String gpu, int taskCpus, @Nullable Integer asked, int threads) {
    Settings.Lane lane = new Settings.Lane(16, 1_000_000, new AutoInt(asked), 60);
    LaneDevice device = new LaneDevice(new Device(kind, 0), gpu);
    assertThat(LaneSpec.decodeThreads(lane, device, taskCpus)).isEqualTo(threads);
  }
}
