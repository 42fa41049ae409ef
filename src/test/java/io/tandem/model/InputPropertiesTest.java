package io.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.Fit;
import io.tandem.conf.InputException;
import io.tandem.frame.Channels;
import io.tandem.frame.Framing;
import io.tandem.frame.PixelLayout;
import io.tandem.model.ModelSpec.ModelInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a model's lines on its input mean, and which are refused. */
final class InputPropertiesTest {
  private static final List<Float> MEAN = List.of(0.485f, 0.456f, 0.406f);
  private static final List<Float> STD = List.of(0.229f, 0.224f, 0.225f);

  @TempDir Path folder;

  @Test
  void presetOfTorchvision_isWhatItsWeightsSay() throws IOException {
    ModelSpec spec = spec("preset=torchvision-imagenet");
    ModelInput input = spec.takes();
    assertThat(input.contract()).isEqualTo(InputContract.FLOAT_NCHW);
    assertThat(input.channels()).isEqualTo(Channels.RGB);
    assertThat(List.of(input.width(), input.height())).containsExactly(224, 224);
    assertThat(input.fit()).isEqualTo(Fit.CROP);
    assertThat(input.framing()).isEqualTo(new Framing(256, Framing.Filter.BILINEAR, 0));
    assertThat(input.values()).isEqualTo(new ModelSpec.Values(Scale.UNIT, MEAN, STD));
    assertThat(spec.taskType()).isEqualTo("classification");
    assertThat(spec.properties().get("output")).isEqualTo("logits");
  }

  @ParameterizedTest
  @CsvSource({
    // What torchvision 0.22.1 says: inception_v3, resnet50 of V2, mobilenet_v3_large of V2.
    "torchvision-imagenet, width=299;height=299, 342",
    "torchvision-imagenet-v2, , 232",
    "torchvision-imagenet, resize=232, 232",
    "torchvision-imagenet, width=224;height=224, 256",
  })
  void presetsResize_growsWithTheInput(String preset, String lines, int resize) throws IOException {
    String more = lines == null ? "" : lines.replace(';', '\n');
    assertThat(takes("preset=" + preset, more).framing().resize()).isEqualTo(resize);
  }

  @Test
  void writtenLine_winsOverThePresets() throws IOException {
    ModelInput input =
        takes(
            "preset=torchvision-imagenet",
            "scale=-1..1",
            "fit=stretch",
            "interpolation=bicubic",
            "input=float16-nhwc");
    assertThat(input.contract())
        .isEqualTo(new InputContract(InputContract.Type.FLOAT16, PixelLayout.INTERLEAVED));
    assertThat(input.fit()).isEqualTo(Fit.STRETCH);
    assertThat(input.framing()).isEqualTo(new Framing(0, Framing.Filter.BICUBIC, 0));
    // ImageNet's mean and deviation are of pixels from 0 to 1.
    assertThat(input.values()).isEqualTo(new ModelSpec.Values(Scale.SIGNED, List.of(), List.of()));
    assertThat(takes("preset=torchvision-imagenet", "input=uint8-nhwc").values().mean()).isEmpty();
  }

  @Test
  void setting_winsOverThePreset() throws IOException {
    write("preset=torchvision-imagenet");
    ModelInput input =
        Tandem.spec(
                Tandem.settings(
                    "model.path=" + folder,
                    "model.width=320",
                    "model.height=320",
                    "model.properties.channels=bgr"))
            .takes();
    assertThat(input.width()).isEqualTo(320);
    assertThat(input.framing().resize()).isEqualTo(366);
    assertThat(input.channels()).isEqualTo(Channels.BGR);
  }

  @Test
  void presetOfYolo_isWhatUltralyticsDoes() throws IOException {
    ModelSpec spec = spec("preset=yolo");
    assertThat(spec.taskType()).isEqualTo("detection");
    assertThat(spec.takes().fit()).isEqualTo(Fit.LETTERBOX);
    assertThat(spec.takes().framing()).isEqualTo(new Framing(0, Framing.Filter.BILINEAR, 114));
    assertThat(spec.takes().values())
        .isEqualTo(new ModelSpec.Values(Scale.UNIT, List.of(), List.of()));
    assertThat(List.of(spec.width(), spec.height())).containsExactly(640, 640);
    assertThat(spec.properties().get("output.format")).isEqualTo("yolo-transposed");
  }

  @Test
  void presetOfRetinanet_needsASize() throws IOException {
    ModelSpec spec = spec("preset=torchvision-retinanet", "width=320", "height=256");
    assertThat(spec.taskType()).isEqualTo("detection");
    assertThat(spec.takes().fit()).isEqualTo(Fit.LETTERBOX);
    assertThat(spec.takes().framing()).isEqualTo(new Framing(0, Framing.Filter.BILINEAR, 116));
    assertThat(spec.takes().values().mean()).containsExactly(0.485f, 0.456f, 0.406f);
    assertThat(spec.properties().get("output.format")).isEqualTo("anchors");
    assertThat(spec.properties().get("output.scores")).isEqualTo("cls_logits");
  }

  @Test
  void presetOfSuperresolution_keepsSizes() throws IOException {
    ModelSpec spec = spec("preset=superresolution");
    assertThat(spec.keepsSizes()).isTrue();
    assertThat(spec.taskType()).isEqualTo("image");
    assertThat(spec.properties().get("output.range")).isEqualTo("0..1");
    assertThat(spec.takes().tile()).isEqualTo(1024);
  }

  @Test
  void fitOfNone_needsNoSizeOfAPreset() throws IOException {
    ModelInput input = takes("preset=torchvision-imagenet", "fit=none");
    assertThat(List.of(input.width(), input.height())).containsExactly(0, 0);
    assertThat(input.framing()).isEqualTo(Framing.USUAL);
  }

  @Test
  void inputWithoutNormalisation_isScaledOnly() throws IOException {
    ModelInput input =
        takes("input=bfloat16-nchw", "width=8", "height=6", "scale=none", "channels=grey");
    assertThat(input.contract().type()).isEqualTo(InputContract.Type.BFLOAT16);
    assertThat(input.values().of(200, 0)).isEqualTo(200);
    assertThat(input.fit()).isNull();
    assertThat(input.fit(Fit.MODEL)).isEqualTo(Fit.CROP);
    assertThat(input.fit(Fit.LETTERBOX)).isEqualTo(Fit.LETTERBOX);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "preset=yolo9 | model.properties.preset | a model's preset is one of superresolution, torchvision-imagenet, torchvision-imagenet-v2, torchvision-retinanet, yolo, not: yolo9",
        "resize=200 | model.properties.resize | the model's resize is the shorter side before the middle of 224 x 224 is cut out, not: 200; write resize=224 or more",
        "resize=big | model.properties.resize | the model's resize is a number of at least 1, not: big",
        "resize=256;fit=stretch | model.properties.resize | resize has no effect with fit=stretch; omit it, or write fit=crop",
        "letterbox.value=114;fit=crop | model.properties.letterbox.value | letterbox.value has no effect with fit=crop; omit it, or write fit=letterbox",
        "antialias=true;fit=none | model.properties.antialias | antialias has no effect with fit=none; omit it, or write fit=crop",
        "letterbox.value=256 | model.properties.letterbox.value | the model's letterbox.value is a number of at least 0 and at most 255, not: 256",
        "interpolation=bicubic;antialias=false | model.properties.antialias | antialias=false is for interpolation=bilinear only; omit it, or write interpolation=bilinear",
        "interpolation=area | model.properties.interpolation | a model's interpolation is bilinear or bicubic, not: area",
        "fit=model | model.properties.fit | a model's fit is one of crop, stretch, letterbox, none, not: model",
        "channels=rgba | model.properties.channels | a model's channels are one of rgb, bgr, grey, not: rgba",
        "batch=0 | model.properties.batch | the model's batch is a number of at least 1 and at most 4096, not: 0",
        "scale=255 | model.properties.scale | a model's scale is one of 1/255, none, -1..1, not: 255",
        "input=float64-nchw | model.input | a model's input is one of uint8-nhwc, uint8-nchw, float-nchw, float-nhwc, float16-nchw, float16-nhwc, bfloat16-nchw, bfloat16-nhwc, not: float64-nchw",
        "channels=grey | model.mean | the model's mean must be one number, for grey: 0.5,0.5,0.5",
        "channels=bgr;std=1,1 | model.std | the model's std must be three numbers, for B, G and R: 1,1",
        "scale=none;std=58,0,57 | model.std | the model's std must be above 0: 58.0,0.0,57.0",
        "scale=none;mean=1,NaN,2 | model.mean | the model's mean must be finite: 1.0,NaN,2.0",
        "mean=123.675,116.28,103.53 | model.mean | the model's mean is of pixels on a scale of 0 to 1: 123.675,116.28,103.53; divide numbers for 0 to 255 by 255, or write scale=none if the model takes 0 to 255",
        "fit=none;task=image;tile=128;tile.overlap=100 | model.properties.tile.overlap | the model's tile.overlap is a number of at least 0 and at most 64, not: 100",
      })
  void wrongLine_isRefusedInASentence(String lines, String key, String sentence)
      throws IOException {
    write(
        "input=float-nchw\nwidth=224\nheight=224\nmean=0.5,0.5,0.5\nstd=0.5,0.5,0.5\n"
            + lines.replace(';', '\n'));
    assertThatThrownBy(() -> Tandem.spec(Tandem.settings("model.path=" + folder)))
        .isInstanceOf(ModelException.class)
        .hasMessage(sentence)
        .extracting(e -> ((InputException) e).key())
        .isEqualTo(key);
  }

  @ParameterizedTest
  @ValueSource(strings = {"mean", "std"})
  void valueWithoutAScale_isAskedFor(String key) throws IOException {
    String lines = "input=float-nchw\nwidth=8\nheight=8\nmean=0,0,0\nstd=1,1,1\n";
    write(lines.replace(key + "=", "not." + key + "="));
    assertThatThrownBy(() -> Tandem.spec(Tandem.settings("model.path=" + folder)))
        .hasMessage(
            "the model at %s does not say its %s; write %s=... into its serving.properties, or set model.%s"
                .formatted(folder, key, key, key));
  }

  private ModelInput takes(String... lines) throws IOException {
    return spec(lines).takes();
  }

  private ModelSpec spec(String... lines) throws IOException {
    write(String.join("\n", lines));
    return Tandem.spec(Tandem.settings("model.path=" + folder));
  }

  private void write(String lines) throws IOException {
    Files.writeString(folder.resolve("serving.properties"), "option.modelName=colour\n" + lines);
    Path file = folder.resolve("colour.pt");
    if (!Files.exists(file)) {
      Files.copy(Paths.MODEL_CASES.resolve("colour/colour.pt"), file);
    }
  }
}
