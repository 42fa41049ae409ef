package io.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.engine.Batch;
import io.tandem.engine.Engine;
import io.tandem.engine.EngineOptions;
import io.tandem.engine.Engines;
import io.tandem.engine.LoadedModel;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.engine.SessionOptions;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX models as people have them: the right values, or one sentence before any frame is read. */
final class OnnxModelTest {
  private static final Engines ENGINES = new Engines();
  private static final EngineOptions OPTIONS = EngineOptions.of(Tandem.settings());

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "plain, 4, 1e-4",
    "uint8, 4, 1e-4",
    "external-data, 4, 1e-4",
    "fixed-batch-1, 1, 1e-4",
    "float16-input, 4, 1e-2",
    "float16-output, 4, 1e-2",
  })
  void model_givesItsRightAnswers(String model, int batch, float tolerance) {
    float[] logits = predict(spec(model), new SessionOptions(1, batch, 2)).pick(null).values();
    assertThat(logits).hasSize(3 * batch);
    double sum = Math.exp(logits[0]) + Math.exp(logits[1]) + Math.exp(logits[2]);
    assertThat(Math.exp(logits[0]) / sum).isCloseTo(0.978, within(tolerance + 5e-4));
    assertThat(Math.exp(logits[1]) / sum).isCloseTo(0.019, within(tolerance + 5e-4));
  }

  @Test
  void integers_becomeFloats() {
    assertThat(predict(spec("int64-output"), new SessionOptions(1, 1, 1)).pick(null).values())
        .containsExactly(7, 3, 1);
  }

  @Test
  void severalOutputs_haveTheirNames() {
    Outputs outputs = predict(spec("two-outputs"), new SessionOptions(1, 1, 1));
    assertThat(outputs.get("result")).isNotNull();
    assertThat(outputs.get("second")).isNotNull();
    assertThatThrownBy(() -> outputs.pick(null)).hasMessageStartingWith("it returns 2 outputs: ");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "wants-uint8|float-nchw; write input=uint8-nhwc into its serving.properties, or set model.input",
        "fixed-size|not 32 x 32 pixels; write width=48 and height=48 into its serving.properties, or set",
        "fixed-batch-1|it was exported for batches of 1 frames, and not 4; write batch=1 into its serving.properties, or export",
        "two-inputs|it has 2 inputs, not one: pictures, second; export a model that takes only the pictures",
        "opset-99|has opsets up to 26 of ai.onnx; export the model with opset_version=26 or older",
        "ir-99|it has IR version 99, and ONNX Runtime",
        "unknown-operator|has no operator NoSuchOp; export the model without it",
        "custom-domain|has no operator com.example:Custom; export the model without it",
        "damaged|it is no ONNX file, or is damaged",
        "empty|it is empty",
        "torchscript-named-onnx|it is a TorchScript file; write engine=PyTorch into its serving.properties",
        "named-pt|it is an ONNX file; write engine=OnnxRuntime into its serving.properties",
      })
  void model_isRefusedInASentence(String model, String sentence) {
    assertThatThrownBy(() -> predict(spec(model), new SessionOptions(1, 4, 2)))
        .isInstanceOf(PredictionException.class)
        .hasMessageContaining(sentence)
        .message()
        .hasLineCount(1);
  }

  @Test
  void bundledExport_equalsTheOriginalModule() throws IOException {
    Path copy = Files.createDirectories(folder.resolve("onnx"));
    Files.copy(
        Paths.EFFICIENTNET.resolve("efficientnet-lite0-onnx-fp32.onnx"),
        copy.resolve("model.onnx"));
    Files.writeString(
        copy.resolve("serving.properties"),
        "engine=OnnxRuntime\ninput=uint8-nhwc\nwidth=224\nheight=224\noutput=logits\n");
    byte[] inputs = Files.readAllBytes(Paths.GOLDEN.resolve("inputs.bin"));
    float[] logits = new float[4 * 1000];
    floats(Paths.GOLDEN.resolve("logits.bin")).get(logits);
    Outputs outputs = predict(spec(copy), new SessionOptions(1, 4, 1), direct(inputs));
    assertThat(outputs.pick("logits").values())
        .usingComparatorWithPrecision(1e-3f)
        .containsExactly(logits);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2})
  void lanes_shareASession_unlessItHasThreadsOfItsOwn(int threads) {
    SessionOptions options = new SessionOptions(threads, 4, 2);
    ModelSpec spec = spec("plain");
    try (LoadedModel model = load(spec, options)) {
      Predictor first = model.newPredictor(spec, options);
      Predictor second = model.newPredictor(spec, options);
      assertThat(sessions(model)).isEqualTo(threads == 1 ? 1 : 2);
      float[] values = first.predict(batch(spec, options)).pick(null).values();
      assertThat(second.predict(batch(spec, options)).pick(null).values()).isEqualTo(values);
      first.close();
      first.close(); // A second time changes nothing.
      second.close();
      try (Predictor third = model.newPredictor(spec, options);
          Predictor fourth = model.newPredictor(spec, options)) {
        assertThat(third.predict(batch(spec, options)).pick(null).values()).isEqualTo(values);
        assertThat(fourth.predict(batch(spec, options)).pick(null).values()).isEqualTo(values);
        assertThat(sessions(model)).isEqualTo(threads == 1 ? 1 : 2);
      }
    }
  }

  @Test
  void gpuWithoutCuda_isReported() {
    ModelSpec spec = spec("plain");
    Engine engine = ENGINES.start("onnxruntime", OPTIONS);
    assertThat(engine.gpuCount()).isZero();
    assertThat(engine.bindsThreadsToModel()).isTrue();
    assertThatThrownBy(
            () -> engine.load(spec, local(spec), Device.gpu(0), new SessionOptions(1, 1, 1)))
        .isInstanceOf(PredictionException.class)
        .hasMessage(
            "this ONNX Runtime has no CUDA; engine.onnxruntime-path names the folder of a CUDA build");
  }

  private static int sessions(LoadedModel model) {
    return ((OnnxRuntimeModel) model).sessions();
  }

  private static LoadedModel load(ModelSpec spec, SessionOptions options) {
    return ENGINES
        .start(spec.export().engine(), OPTIONS)
        .load(spec, local(spec), Device.CPU, options);
  }

  private static Path local(ModelSpec spec) {
    return Path.of(java.net.URI.create(spec.folder()));
  }

  /** Predicts a flat picture, R, G and B of 200, 100 and 50. */
  private static Outputs predict(ModelSpec spec, SessionOptions options) {
    return predict(spec, options, batch(spec, options).pixels());
  }

  private static Outputs predict(ModelSpec spec, SessionOptions options, ByteBuffer pixels) {
    try (LoadedModel model = load(spec, options);
        Predictor predictor = model.newPredictor(spec, options)) {
      return predictor.predict(batch(spec, options, pixels));
    }
  }

  private static Batch batch(ModelSpec spec, SessionOptions options) {
    int plane = spec.width() * spec.height();
    byte[] bytes = new byte[3 * plane * options.batchSize()];
    for (int i = 0; i < bytes.length; i++) {
      int channel =
          switch (spec.input().layout()) {
            case INTERLEAVED -> i % 3;
            case PLANES -> i / plane % 3;
          };
      bytes[i] = (byte) new int[] {200, 100, 50}[channel];
    }
    return batch(spec, options, direct(bytes));
  }

  private static Batch batch(ModelSpec spec, SessionOptions options, ByteBuffer pixels) {
    return new Batch(
        pixels, options.batchSize(), spec.input().layout(), spec.width(), spec.height());
  }

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  private static FloatBuffer floats(Path file) throws IOException {
    return ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private static ModelSpec spec(String onnxCase) {
    return spec(Paths.ONNX_CASES.resolve(onnxCase));
  }

  private static ModelSpec spec(Path model) {
    Settings settings = Tandem.settings("model.path=" + model.toAbsolutePath());
    return Tandem.spec(settings, new Configuration());
  }
}
