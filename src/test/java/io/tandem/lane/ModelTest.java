package io.tandem.lane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.Device;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.conf.Settings;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.frame.Geometry;
import io.tandem.frame.PixelLayout;
import io.tandem.model.ModelFiles;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import io.tandem.postprocess.Labels;
import io.tandem.postprocess.Prediction;
import io.tandem.spark.HadoopConf;
import io.tandem.telemetry.CpuFlags;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The real engine with real models, against what PyTorch itself said of the same input. */
final class ModelTest {
  private static final Settings.Engine ENGINE =
      new Settings.Engine(null, null, null, null, false, true, false);
  private static final Configuration HADOOP = new Configuration();

  private static final Geometry SAME = Geometry.same(224, 224);

  private static final Comparator<Prediction> MOST_PROBABLE_FIRST =
      Comparator.comparing(Prediction::probability).reversed();

  @TempDir Path folder;

  @Test
  void bundledModel_equalsTheOriginalModule() throws IOException {
    ModelSpec spec = spec(Paths.EFFICIENTNET);
    float[] logits = outputs(spec, Paths.GOLDEN.resolve("inputs.bin"), 4);
    assertThat(relativeError(logits, floats(Paths.GOLDEN.resolve("logits.bin")))).isLessThan(1e-4);
  }

  @Test
  void bundledBf16Model_staysNearTheOriginalModule() throws IOException {
    ModelSpec spec = spec(Paths.EFFICIENTNET, "model.export=bf16");
    float[] logits = outputs(spec, Paths.GOLDEN.resolve("inputs.bin"), 4);
    assertThat(relativeError(logits, floats(Paths.GOLDEN.resolve("logits.bin")))).isLessThan(0.04);
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16-fused", "onnx-fp32", "onnx-int8"})
  void fasterExport_equalsItsOutputsInPython(String export) throws IOException {
    // oneDNN computes bfloat16 on CPUs with AVX-512 only.
    assumeThat(export.startsWith("onnx") || CpuFlags.ofThisHost().contains("avx512bw")).isTrue();
    ModelSpec spec = spec(Paths.EFFICIENTNET, "model.export=" + export);
    float[] logits = outputs(spec, Paths.GOLDEN.resolve("inputs.bin"), 4);
    float[] golden = floats(Paths.GOLDEN.resolve("logits-%s.bin".formatted(export)));
    // Sums of rounded values depend on the CPU's instructions.
    assertThat(relativeError(logits, golden)).isLessThan(export.endsWith("fp32") ? 1e-5 : 0.02);
    assertThat(relativeError(logits, floats(Paths.GOLDEN.resolve("logits.bin")))).isLessThan(0.06);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mobilenet-float", "mobilenet-float-probabilities"})
  void ownModel_equalsPyTorch(String name) throws IOException {
    Path model = Paths.MODELS.resolve(name);
    float[] probabilities = probabilities(spec(model), model.resolve("input.bin"), 10);
    float[] expected = floats(model.resolve("probabilities.bin"));
    for (int i = 0; i < expected.length; i++) {
      assertThat(Math.abs(probabilities[i] - expected[i])).isLessThan(1e-5f);
    }
  }

  @Test
  void localModel_thatThisExecutorDoesNotHave_isReported() throws IOException {
    Path here = Files.createDirectories(folder.resolve("drivers-own"));
    for (String name : List.of("mobilenet-float.pt", "serving.properties", "synset.txt")) {
      Path file = Paths.MODELS.resolve("mobilenet-float").resolve(name);
      if (Files.exists(file)) {
        Files.copy(file, here.resolve(name));
      }
    }
    ModelSpec spec = spec(here);
    Files.delete(here.resolve(spec.file()));
    assertThatThrownBy(() -> new ModelFiles().local(spec, ENGINE, HADOOP))
        .isInstanceOf(PredictionException.class)
        .hasMessageStartingWith(
            "the model's folder %s is not on this executor's host".formatted(here))
        .hasMessageEndingWith(
            "put it where every executor reads it by the same path, such as hdfs: or s3a:");
  }

  @Test
  void meanAndDeviation_areUsed() throws IOException {
    Path model = Paths.MODELS.resolve("mobilenet-float");
    ModelSpec other = spec(model, "model.mean=[0,0,0]", "model.std=[1,1,1]");
    float[] probabilities = probabilities(other, model.resolve("input.bin"), 10);
    float[] expected = floats(model.resolve("probabilities.bin"));
    assertThat(relativeError(probabilities, expected)).isGreaterThan(0.01);
  }

  @ParameterizedTest
  @EnumSource(ModelScope.class)
  void everyScope_givesTheSameAnswer(ModelScope scope) throws IOException {
    ModelSpec spec = spec(Paths.EFFICIENTNET);
    ByteBuffer pixels = direct(Paths.GOLDEN.resolve("inputs.bin"));
    List<String> labels = new ArrayList<>();
    LaneSpec lane = lane(spec, scope, 4);
    try (Predictor predictor = open(lane)) {
      for (int time = 0; time < 2; time++) {
        Outputs outputs = predictor.predict(lane.batch(pixels));
        for (int frame = 0; frame < 4; frame++) {
          labels.add(label(lane, outputs, frame));
        }
      }
    }
    assertThat(labels.subList(0, 4))
        .startsWith("Egyptian cat", "espresso", "missile")
        .isEqualTo(labels.subList(4, 8));
  }

  @Test
  void labelsThatAreNotTheModels_areRefused() throws IOException {
    Path copy = copy("mobilenet-float");
    Files.writeString(copy.resolve("synset.txt"), "one\ntwo\n");
    ByteBuffer pixels = direct(copy.resolve("input.bin"));
    LaneSpec lane = lane(spec(copy), ModelScope.TASK, 1);
    try (Predictor predictor = open(lane)) {
      Outputs outputs = predictor.predict(lane.batch(pixels));
      assertThatThrownBy(() -> lane.results().of(outputs, 0, SAME))
          .isInstanceOf(PredictionException.class)
          .hasMessageEndingWith("it returns 10 classes, but synset.txt has 2 labels");
    }
  }

  @Test
  void corruptFile_isAPredictionExceptionOnOneLine() throws IOException {
    Path copy = copy("mobilenet-float");
    ModelSpec spec = spec(copy);
    Files.writeString(copy.resolve(spec.file()), "this is no TorchScript");
    assertThatThrownBy(() -> open(lane(spec(copy), ModelScope.TASK, 1)))
        .isInstanceOf(PredictionException.class)
        .hasMessageContaining("cannot be loaded as TorchScript")
        .message()
        .hasLineCount(1);
  }

  @Test
  void modelThatIsShared_isUsedByEachLanesOwnContract() throws IOException {
    ByteBuffer pixels = direct(Paths.GOLDEN.resolve("inputs.bin"));
    ModelSpec narrow = spec(Paths.EFFICIENTNET, "model.width=32");
    LaneSpec first = lane(narrow, ModelScope.EXECUTOR, 1);
    try (Predictor predictor = open(first)) {
      assertThat(predictor.predict(first.batch(pixels)).pick(null).shape())
          .containsExactly(1, 1000);
    }
    LaneSpec lane = lane(spec(Paths.EFFICIENTNET), ModelScope.EXECUTOR, 1);
    try (Predictor predictor = open(lane)) {
      assertThat(label(lane, predictor.predict(lane.batch(pixels)), 0)).isEqualTo("Egyptian cat");
    }
  }

  @Test
  void wrongInput_isReportedWithTheModelAndWithoutATrace() throws IOException {
    ModelSpec spec = spec(Paths.MODELS.resolve("mobilenet-float"), "model.input=uint8-nhwc");
    ByteBuffer pixels = direct(Paths.MODELS.resolve("mobilenet-float/input.bin"));
    LaneSpec lane = lane(spec, ModelScope.TASK, 1);
    try (Predictor predictor = open(lane)) {
      assertThatThrownBy(() -> predictor.predict(lane.batch(pixels)))
          .isInstanceOf(PredictionException.class)
          .hasMessageStartingWith("mobilenet-float.pt in file:")
          .hasMessageContaining("fails on a batch: RuntimeError: ")
          .message()
          .hasLineCount(1);
    }
  }

  private ModelSpec spec(Path model, String... pairs) {
    List<String> all = new ArrayList<>(List.of(pairs));
    all.add("model.path=" + model.toAbsolutePath());
    return Tandem.spec(Tandem.settings(all.toArray(String[]::new)));
  }

  private static LaneSpec lane(ModelSpec spec, ModelScope scope, int batchSize) {
    LaneConfig config = new LaneConfig(DeviceChoice.CPU, 1, batchSize, spec.export(), scope);
    Settings settings = Tandem.settings("output.top-k=1000");
    return LaneSpec.of(settings, spec, config, 1, HadoopConf.here(HADOOP));
  }

  private static Predictor open(LaneSpec lane) {
    return lane.openPredictor(new LaneDevice(Device.CPU, null), lane.config().modelScope());
  }

  private static String label(LaneSpec lane, Outputs outputs, int frame) {
    return ((Labels) lane.results().of(outputs, frame, SAME)).best().get(0).label();
  }

  /** The values of the model's output. */
  private static float[] outputs(ModelSpec spec, Path input, int batch) throws IOException {
    LaneSpec lane = lane(spec, ModelScope.TASK, batch);
    try (Predictor predictor = open(lane)) {
      return predictor
          .predict(lane.batch(asTheModelTakesThem(spec, direct(input))))
          .pick("0")
          .values();
    }
  }

  /** The probabilities in the order of the classes, as the postprocessor computes them. */
  private static float[] probabilities(ModelSpec spec, Path input, int classes) throws IOException {
    LaneSpec lane = lane(spec, ModelScope.TASK, 1);
    float[] ordered = new float[classes];
    try (Predictor predictor = open(lane)) {
      Outputs outputs = predictor.predict(lane.batch(asTheModelTakesThem(spec, direct(input))));
      List<Prediction> best = ((Labels) lane.results().of(outputs, 0, SAME)).best();
      assertThat(best).hasSize(classes).isSortedAccordingTo(MOST_PROBABLE_FIRST);
      for (int index = 0; index < classes; index++) {
        String label = spec.label(index);
        ordered[index] =
            best.stream()
                .filter(one -> one.label().equals(label))
                .findFirst()
                .orElseThrow()
                .probability();
      }
    }
    return ordered;
  }

  /** The files' pixels are interleaved; a model may take planes. */
  private static ByteBuffer asTheModelTakesThem(ModelSpec spec, ByteBuffer pixels) {
    if (spec.input().layout() == PixelLayout.INTERLEAVED) {
      return pixels;
    }
    int plane = spec.width() * spec.height();
    ByteBuffer planes = ByteBuffer.allocateDirect(pixels.capacity());
    for (int i = 0; i < pixels.capacity(); i++) {
      int frame = i / (3 * plane);
      int pixel = i % (3 * plane) / 3;
      planes.put((3 * frame + i % 3) * plane + pixel, pixels.get(i));
    }
    return planes;
  }

  /** The largest difference, by the largest expected value. */
  private static double relativeError(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double largest = 0;
    for (int i = 0; i < expected.length; i++) {
      difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
      largest = Math.max(largest, Math.abs(expected[i]));
    }
    return difference / largest;
  }

  private static ByteBuffer direct(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    return ByteBuffer.allocateDirect(bytes.length).put(0, bytes);
  }

  private static float[] floats(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / 4];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }

  private Path copy(String model) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(model));
    try (var files = Files.newDirectoryStream(Paths.MODELS.resolve(model))) {
      for (Path file : files) {
        Files.copy(file, copy.resolve(file.getFileName().toString()));
      }
    }
    return copy;
  }
}
