package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.model.ModelSpec;
import io.tandem.spark.HadoopConf;
import java.nio.ByteBuffer;
import java.util.Random;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A batch that is predicted in parts has the outputs of the whole. */
final class LoopingPredictorTest {
  @ParameterizedTest
  @CsvSource({"1, 4", "3, 4", "3, 6", "4, 4", "5, 4"})
  void outputs_areThoseOfTheWholeBatch(int taken, int frames) {
    LaneSpec whole = lane(frames);
    LaneSpec parts = lane(frames, "model.properties.batch=" + taken);
    byte[] bytes = new byte[whole.batch(ByteBuffer.allocate(0)).bytes()];
    new Random(1).nextBytes(bytes);
    ByteBuffer pixels = ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
    Outputs right = predict(whole, pixels);
    Outputs joined = predict(parts, pixels);
    assertThat(joined.frames()).isEqualTo(frames);
    assertThat(joined.names()).isEqualTo(right.names());
    assertThat(joined.pick(null).shape()).isEqualTo(right.pick(null).shape());
    assertThat(joined.pick(null).values()).isEqualTo(right.pick(null).values());
  }

  private static Outputs predict(LaneSpec lane, ByteBuffer pixels) {
    try (Predictor predictor =
        lane.openPredictor(new LaneDevice(Device.CPU, null), ModelScope.TASK)) {
      return predictor.predict(lane.batch(pixels));
    }
  }

  private static LaneSpec lane(int frames, String... lines) {
    String[] pairs = new String[lines.length + 1];
    System.arraycopy(lines, 0, pairs, 0, lines.length);
    pairs[lines.length] = "model.path=" + Paths.MODEL_CASES.resolve("colour").toAbsolutePath();
    ModelSpec model = Tandem.spec(Tandem.settings(pairs));
    LaneConfig config =
        new LaneConfig(DeviceChoice.CPU, 1, frames, model.export(), ModelScope.TASK);
    return LaneSpec.of(
        Tandem.settings(pairs), model, config, 1, HadoopConf.here(new Configuration()));
  }
}
