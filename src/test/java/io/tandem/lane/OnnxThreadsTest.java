package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.SessionOptions;
import io.tandem.model.ModelSpec;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;

/** A session of ONNX Runtime has a fixed number of threads: other numbers are other models. */
final class OnnxThreadsTest {
  private final Settings settings =
      Tandem.settings("model.path=" + Paths.ONNX_CASES.resolve("plain").toAbsolutePath());
  private final ModelSpec spec = Tandem.spec(settings, new Configuration());

  @Test
  void lanes_shareAModel_ifTheyHaveTheSameThreads() {
    LoadedModel one = model(1, 4);
    assertThat(model(1, 8)).isSameAs(one);
    assertThat(model(2, 4)).isNotSameAs(one);
  }

  private LoadedModel model(int threads, int batchSize) {
    SessionOptions session = new SessionOptions(threads, batchSize, 2);
    EngineOptions options = EngineOptions.of(settings);
    try (Models.Use use =
        ExecutorState.ofThisJvm().share(spec, Device.CPU, session, options, new Configuration())) {
      return use.model();
    }
  }
}
