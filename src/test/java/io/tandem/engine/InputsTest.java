package io.tandem.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Tandem;
import io.tandem.conf.Device;
import io.tandem.frame.Channels;
import io.tandem.frame.PixelLayout;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.PredictionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What reaches a model, by models that return it: data/make/input_models.py. */
final class InputsTest {
  private static final Engines ENGINES = new Engines();
  private static final EngineOptions OPTIONS = EngineOptions.of(Tandem.settings());
  private static final Path ECHOES = Path.of("src/test/resources/input-models");
  private static final int FRAMES = 2;
  private static final int WIDTH = 5;
  private static final int HEIGHT = 3;
  private static final int PLANE = WIDTH * HEIGHT;

  /** The types by the number that the model returns. */
  private static final List<InputContract.Type> TYPES =
      List.of(
          InputContract.Type.UINT8,
          InputContract.Type.FLOAT,
          InputContract.Type.FLOAT16,
          InputContract.Type.BFLOAT16);

  /** Multiplies a byte, is subtracted and divides, for the channels in their order. */
  private record Formula(
      String lines, double factor, double offset, List<Double> mean, List<Double> std) {}

  private static final List<Double> ZEROS = List.of(0.0, 0.0, 0.0);
  private static final List<Double> ONES = List.of(1.0, 1.0, 1.0);

  private static final List<Formula> FORMULAS =
      List.of(
          new Formula("scale=1/255", 1 / 255.0, 0, ZEROS, ONES),
          new Formula("scale=none", 1, 0, ZEROS, ONES),
          new Formula("scale=-1..1", 2 / 255.0, -1, ZEROS, ONES),
          new Formula(
              "mean=0.4,0.5,0.6\nstd=0.2,0.25,0.5",
              1 / 255.0,
              0,
              List.of(0.4, 0.5, 0.6),
              List.of(0.2, 0.25, 0.5)),
          new Formula(
              "scale=none\nmean=103.939,116.779,123.68",
              1,
              0,
              List.of(103.939, 116.779, 123.68),
              ONES),
          new Formula("scale=-1..1\nstd=0.5,2,4", 2 / 255.0, -1, ZEROS, List.of(0.5, 2.0, 4.0)));

  @TempDir Path folder;

  static Stream<Arguments> inputs() {
    return Stream.of("pytorch", "onnxruntime")
        .flatMap(
            engine ->
                InputContract.all().stream()
                    .filter(
                        input ->
                            engine.equals("pytorch") || input.type() != InputContract.Type.BFLOAT16)
                    .flatMap(
                        input ->
                            Stream.of(Channels.values())
                                .map(channels -> Arguments.of(engine, input, channels))));
  }

  @ParameterizedTest
  @MethodSource("inputs")
  void model_getsTheValuesThatItsPropertiesSay(
      String engine, InputContract input, Channels channels) throws IOException {
    for (Formula formula : FORMULAS) {
      ModelSpec spec = spec(engine, input, channels, input.type().isFloat() ? formula : null);
      Batch batch = batch(spec);
      float[] values = predict(spec, batch);
      int skipped = engine.equals("pytorch") ? 2 : 0;
      int each = values.length / FRAMES;
      assertThat(each - skipped).isEqualTo(PLANE * channels.count());
      for (int frame = 0; frame < FRAMES; frame++) {
        if (skipped > 0) {
          assertThat(values[frame * each]).as("type").isEqualTo(TYPES.indexOf(input.type()));
          assertThat(values[frame * each + 1]).as("contiguous").isEqualTo(1);
        }
        for (int i = 0; i < each - skipped; i++) {
          int at = frame * (each - skipped) + i;
          int pixel = batch.pixels().get(at) & 0xff;
          int channel = input.layout() == PixelLayout.PLANES ? i / PLANE : i % channels.count();
          double right = input.type().isFloat() ? value(formula, pixel, channel) : pixel;
          assertThat((double) values[frame * each + skipped + i])
              .as("%s, byte %d of channel %d", formula.lines(), pixel, channel)
              .isCloseTo(right, within(tolerance(input.type(), pixel, channel, formula)));
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"pytorch, grey.pt", "onnxruntime, grey.onnx"})
  void otherNumberOfChannels_isRefusedWithTheLineToWrite(String engine, String file)
      throws IOException {
    Files.copy(ECHOES.resolve(file), folder.resolve(file));
    String lines =
        "engine=%s\noption.modelName=grey\ninput=float-nchw\nscale=none\nwidth=%d\nheight=%d\noutput=logits\n"
            .formatted(engine, WIDTH, HEIGHT);
    Files.writeString(folder.resolve("serving.properties"), lines);
    ModelSpec rgb = Tandem.spec(Tandem.settings("model.path=" + folder));
    assertThatThrownBy(() -> predict(rgb, batch(rgb)))
        .isInstanceOf(PredictionException.class)
        .hasMessageEndingWith("; write channels=grey into its serving.properties");
    Files.writeString(folder.resolve("serving.properties"), lines + "channels=grey\n");
    ModelSpec grey = Tandem.spec(Tandem.settings("model.path=" + folder));
    Batch batch = batch(grey);
    double sum = 0;
    for (int i = 0; i < PLANE; i++) {
      sum += batch.pixels().get(i) & 0xff;
    }
    assertThat((double) predict(grey, batch)[0]).isCloseTo(sum / PLANE, within(1e-4));
  }

  private static double value(Formula formula, int pixel, int channel) {
    return (pixel * formula.factor() + formula.offset() - formula.mean().get(channel))
        / formula.std().get(channel);
  }

  /** Rounding of the type, and of float32 before. */
  private static double tolerance(
      InputContract.Type type, int pixel, int channel, Formula formula) {
    double value = Math.abs(value(formula, pixel, channel));
    double before =
        4e-7
            * (pixel * formula.factor() + formula.mean().get(channel) + 1)
            / formula.std().get(channel);
    return switch (type) {
      case UINT8 -> 0;
      case FLOAT -> before;
      case FLOAT16 -> before + value / 2048;
      case BFLOAT16 -> before + value / 256;
    };
  }

  private ModelSpec spec(
      String engine, InputContract input, Channels channels, @Nullable Formula formula)
      throws IOException {
    boolean isTorch = engine.equals("pytorch");
    String type = input.type().name().toLowerCase(Locale.ROOT);
    Files.writeString(
        folder.resolve("serving.properties"),
        "engine=%s\noption.modelName=%s\ninput=%s\nchannels=%s\nwidth=%d\nheight=%d\noutput=logits\n"
                .formatted(
                    engine,
                    isTorch ? "echo" : "echo-" + type,
                    input.key(),
                    channels.name().toLowerCase(Locale.ROOT),
                    WIDTH,
                    HEIGHT)
            + (formula == null ? "" : lines(formula, channels)));
    String file = isTorch ? "echo.pt" : "echo-%s.onnx".formatted(type);
    if (!Files.exists(folder.resolve(file))) {
      Files.copy(ECHOES.resolve(file), folder.resolve(file));
    }
    return Tandem.spec(Tandem.settings("model.path=" + folder));
  }

  private static String lines(Formula formula, Channels channels) {
    return channels == Channels.GREY
        ? formula.lines().replaceAll("((?:mean|std)=[^,]*),[^\n]*", "$1")
        : formula.lines();
  }

  /** Bytes of all sizes. */
  private static Batch batch(ModelSpec spec) {
    int channels = spec.takes().channels().count();
    ByteBuffer pixels = ByteBuffer.allocateDirect(FRAMES * PLANE * channels);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put(i, (byte) (i * 101));
    }
    return new Batch(pixels, FRAMES, spec.input().layout(), channels, WIDTH, HEIGHT);
  }

  private float[] predict(ModelSpec spec, Batch batch) {
    SessionOptions options = new SessionOptions(1, FRAMES, 1);
    try (LoadedModel model =
            ENGINES.start(spec.export().engine(), OPTIONS).load(spec, folder, Device.CPU, options);
        Predictor predictor = model.newPredictor(spec, options)) {
      return predictor.predict(batch).pick(null).values();
    }
  }
}
