package io.tandem.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Tandem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The engines of this build, found by the service loader. */
final class EnginesTest {
  private final Engines engines = new Engines();
  @TempDir private Path folder;

  @Test
  void engine_isStartedOnce() {
    Engine engine = engines.start("pytorch", options());
    assertThat(engines.start("pytorch", options())).isSameAs(engine);
    assertThat(engine.version()).startsWith("DJL PyTorch 2.");
  }

  @Test
  void libraryLoadedWithOtherOptions_isRefused_inASentence() {
    engines.start("pytorch", options());
    assertThatThrownBy(() -> engines.start("pytorch", options("engine.cudnn-benchmark=true")))
        .isInstanceOf(EngineOptionsException.class)
        .hasMessage(
            "libtorch was loaded with engine.cudnn-benchmark=false in this JVM, and cannot be loaded again with engine.cudnn-benchmark=true; start another Spark application");
  }

  @Test
  void anotherOnnxRuntime_isRefused_inASentence() {
    assertThat(engines.start("onnxruntime", options()).version()).startsWith("DJL ONNX Runtime 1.");
    assertThatThrownBy(
            () -> engines.start("onnxruntime", options("engine.onnxruntime-path=/opt/cuda")))
        .isInstanceOf(EngineOptionsException.class)
        .hasMessage(
            "ONNX Runtime was loaded with engine.onnxruntime-path=null in this JVM, and cannot be loaded again with /opt/cuda; start another Spark application");
  }

  @Test
  void anotherCache_isNoConflict() {
    engines.start("pytorch", options());
    assertThat(engines.start("pytorch", options("engine.cache-dir=" + folder)).version())
        .startsWith("DJL PyTorch");
  }

  @Test
  void syntheticEngine_takesNewOptions() {
    Engine before = engines.start("synthetic", options("synthetic.sleep=10 ms"));
    Engine after = engines.start("synthetic", options("synthetic.sleep=20 ms"));
    assertThat(after).isNotSameAs(before);
  }

  @Test
  void unknownEngine_isRefused_withThoseThatExist() {
    assertThatThrownBy(() -> engines.start("caffe", options()))
        .isInstanceOf(EngineOptionsException.class)
        .hasMessage("no engine caffe; a model's engine is one of onnxruntime, pytorch, synthetic");
  }

  private static EngineOptions options(String... pairs) {
    return EngineOptions.of(Tandem.settings(pairs));
  }
}
