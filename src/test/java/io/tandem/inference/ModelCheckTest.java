package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code infer --check} prints of a model. */
@Tag("spark")
final class ModelCheckTest {
  @TempDir Path folder;

  @Test
  void bundledModel_isDescribed() {
    Call call = check(Paths.EFFICIENTNET, "model.export=onnx-fp32", "infer.batch-size=auto");
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<String> lines = call.out().lines().toList();
    assertThat(lines).hasSizeLessThanOrEqualTo(18);
    assertThat(lines).allMatch(line -> line.length() <= 120);
    assertThat(lines.get(0)).startsWith("model      file:/").endsWith("/efficientnet-lite0");
    assertThat(call.out())
        .contains(
            "exports    onnx-fp32 is used; there are also fp32, bf16, bf16-fused, onnx-int8\n")
        .contains(
            """
            file       efficientnet-lite0-onnx-fp32.onnx, fp32
                       takes pictures uint8 [n, 224, 224, 3]
                       returns logits float32 [n, 1000], embedding float32 [n, 1280]
            """)
        .contains("engine     DJL ONNX Runtime ")
        .contains("; a batch of 4 takes ")
        .contains("input      uint8-nhwc [N, 224, 224, 3], rgb\n")
        .contains(
            "frames     the middle of each frame, scaled to 224 x 224; bytes, which the model normalises\n")
        .contains("output     logits [4, 1000], ")
        .contains("output     embedding [4, 1280], 0 to ")
        .contains(
            "task       classification: output.name=logits, output=logits, multi-label=false (default)\n")
        .contains("labels     1,000: tench, goldfish, great white shark, ...\n")
        .containsPattern("result     of a test picture: .* 0\\.\\d\\d, ")
        .doesNotContain("not used", "warning");
  }

  @Test
  void rangesAndResults_areThoseOfTheModel_onTestPictures() {
    // Means of noise are 0.5, and of black 0, times ten.
    Call call = check(Paths.MODEL_CASES.resolve("colour"));
    assertThat(call.exitCode()).as(call.err()).isZero();
    String output =
        call.out().lines().filter(line -> line.startsWith("output ")).findFirst().orElse("");
    assertThat(output).startsWith("output     output0 [4, 3], 0 to ");
    double most = Double.parseDouble(output.replaceFirst(".* ", ""));
    assertThat(most).isBetween(4.9, 5.1);
    assertThat(call.out())
        .contains(
            "frames     the middle of each frame, scaled to 64 x 64; 0 to 1, less the mean 0, 0, 0, divided by")
        .containsPattern("result     of a test picture: \\w+ 0\\.3\\d, \\w+ 0\\.3\\d");
  }

  @Test
  void linesThatNothingReads_areNamed_withTheMostSimilarKey() throws IOException {
    Path copy = copy("colour");
    Files.writeString(
        copy.resolve("serving.properties"),
        "\nmulti-label=true\ntreshold=0.9\ncolour-space=srgb\nstandard=1\nexport.fp32.precison=fp32\n",
        StandardOpenOption.APPEND);
    Call call = check(copy);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("threshold=0.5 (default)")
        .contains("not used   treshold; did you mean threshold?\n")
        .contains("not used   colour-space\n")
        .contains("not used   standard\n")
        .contains("not used   export.fp32.precison; did you mean export.fp32.precision?\n");
    assertThat(call.out().lines().filter(line -> line.startsWith("not used"))).hasSize(4);
  }

  /** A dictionary as torchvision's segmentation networks return: several outputs, no classes. */
  @Test
  void tensorsOfADictionary_areChosenByName() {
    Call all = check(Paths.MODEL_CASES.resolve("dict"), "model.properties.task=tensor");
    assertThat(all.exitCode()).as(all.err()).isZero();
    assertThat(all.out()).contains("result     of a test picture: features [3], logits [3]\n");
    Call one =
        check(
            Paths.MODEL_CASES.resolve("dict"),
            "model.properties.task=tensor",
            "model.properties.output.name=logits");
    assertThat(one.exitCode()).as(one.err()).isZero();
    assertThat(one.out())
        .contains("task       tensor: output.name=logits\n")
        .contains("result     of a test picture: logits [3]\n")
        .doesNotContain("not used   output.name");
  }

  @Test
  void bundledModels_haveNoLineThatNothingReads() throws IOException {
    for (Path model : bundled()) {
      Call call = Tandem.command("infer").with("--check").model(model).run();
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(call.out()).as("%s", model).contains("result ").doesNotContain("not used");
    }
  }

  @Test
  void linesOfAPreset_areNotTheModels() throws IOException {
    Path copy = copy("colour");
    Files.writeString(
        copy.resolve("serving.properties"),
        """
        option.modelName=colour
        preset=torchvision-imagenet
        input=uint8-nchw
        width=64
        height=64
        """);
    Call refused = check(copy);
    assertThat(refused.exitCode()).isEqualTo(2);
    Files.writeString(
        copy.resolve("serving.properties"),
        "option.modelName=colour\npreset=torchvision-imagenet\nwidth=64\nheight=64\nmeans=0\n");
    Call call = check(copy);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("the shorter side of each frame scaled to 73, then the middle 64 x 64; 0 to 1,")
        .contains("not used   means; did you mean mean?\n");
    assertThat(call.out().lines().filter(line -> line.startsWith("not used"))).hasSize(1);
  }

  @Test
  void doubtfulModel_isWarnedOf() {
    assertThat(check(Paths.MODEL_CASES.resolve("dropout-traced-train")).out())
        .contains("warning    dropout-traced-train.pt in ")
        .containsPattern("the\\s+same\\s+picture\\s+gets\\s+another\\s+output\\s+each\\s+time");
  }

  @Test
  void modelThatCannotBeUsed_isRefusedInASentence() {
    for (String model : List.of("dict", "logits-as-probabilities", "std0")) {
      Call call = check(Paths.MODEL_CASES.resolve(model));
      assertThat(call.exitCode()).as(call.out()).isEqualTo(2);
      assertThat(call.out()).isEmpty();
      assertThat(call.err()).hasLineCount(1);
      assertThat(call.err().toLowerCase(Locale.ROOT)).doesNotContain("exception");
    }
  }

  @Test
  void labels_arePrintable_andOfBoundedLength() throws IOException {
    Path copy = copy("colour");
    Files.writeString(
        copy.resolve("synset.txt"), "red \u001b[31m\n" + "green".repeat(2_000) + "\nblue\n");
    Call call = check(copy);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("labels     3: red ?[31m,\n           greengreen")
        .contains("greengr...,\n           blue\n")
        .doesNotContain("\u001b")
        .hasSizeLessThan(3000);
  }

  @Test
  void otherQuestions_areCallsOfTheirOwn() {
    for (List<String> other : List.of(List.of("--estimate"), List.of("--render", "2"))) {
      Call call = Tandem.infer().with("--check").with(other.toArray()).run();
      assertThat(call.exitCode()).isEqualTo(2);
      assertThat(call.err())
          .isEqualTo("--check reads no frames; omit %s\n".formatted(other.get(0)));
    }
  }

  private static List<Path> bundled() throws IOException {
    try (var folders = Files.list(Paths.EFFICIENTNET.resolveSibling(""))) {
      List<Path> all = folders.filter(Files::isDirectory).sorted().toList();
      assertThat(all).hasSizeGreaterThanOrEqualTo(4);
      return all;
    }
  }

  private static Call check(Path model, String... pairs) {
    return Tandem.infer().with("--check").model(model.toAbsolutePath()).set(pairs).run();
  }

  private Path copy(String model) throws IOException {
    Path copy = Files.createDirectories(folder.resolve(model));
    try (var files = Files.newDirectoryStream(Paths.MODEL_CASES.resolve(model))) {
      for (Path file : files) {
        Files.write(copy.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    return copy;
  }
}
