package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Tandem;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsException;
import io.tandem.model.ModelSpec;
import io.tandem.spark.HadoopConf;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

final class LaneMemoryTest {
  private static final long FRAME = 224 * 224 * 3;

  @Test
  void largestBatch_isATensorOf2Gigabytes() {
    assertThatNoException().isThrownBy(() -> new LaneMemory(3566, FRAME, 3566).requireBatch());
    assertThatThrownBy(() -> new LaneMemory(3567, FRAME, 3567).requireBatch())
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("use at most 3566 frames");
  }

  @Test
  void memoryOfTheMachine_isComparedWithPixelsAndTensors() {
    LaneMemory lane = new LaneMemory(100, FRAME, 100);
    assertThatNoException().isThrownBy(() -> lane.requireWithin(500 * FRAME));
    assertThatThrownBy(() -> lane.requireWithin(500 * FRAME - 1))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "a lane with batches of 100 frames of 150528 bytes needs 71 MB for pixels and tensors, "
                + "and its machine has 71 MB beside the Java heap; use smaller batches (infer.batch-size, benchmark.batch-sizes)");
  }

  @Test
  void framesAhead_countWhereHelpersDecodeThem() {
    LaneSpec spec = spec("lane.read-ahead=10000", "infer.batch-size=4");
    assertThat(LaneMemory.of(spec, 0).held()).isEqualTo(4);
    LaneMemory decodedAhead = LaneMemory.of(spec, 2);
    assertThat(decodedAhead.held()).isEqualTo(10_008);
    assertThatThrownBy(() -> decodedAhead.requireWithin(1L << 30))
        .hasMessageEndingWith(", or a smaller lane.read-ahead");
  }

  @Test
  void modelOfAnySize_isRefusedBeyondOneTensor() {
    assertThatThrownBy(() -> spec("model.width=16384", "model.height=16384"))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("one frame of the model's size has more than 2 GB as a tensor; ");
  }

  @Test
  void thisMachine_hasMemoryBesideItsHeap() {
    assertThat(LaneMemory.ofThisJvm()).isGreaterThanOrEqualTo(256 << 20);
  }

  private static LaneSpec spec(String... pairs) {
    Settings settings = Tandem.settings(pairs);
    ModelSpec model = Tandem.spec(settings);
    LaneConfig config =
        new LaneConfig(
            DeviceChoice.CPU,
            1,
            settings.infer().batchSize().get(),
            model.export(),
            ModelScope.EXECUTOR);
    return LaneSpec.of(settings, model, config, 1, HadoopConf.here(new Configuration()));
  }
}
