package io.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Model folders: their fingerprints, and what is said of those that lack something. */
final class ModelFolderTest {

  @TempDir Path folder;

  @Test
  void fingerprint_differsWithTheExportAndWithTheLabels() throws IOException {
    ModelSpec fp32 = spec(Paths.EFFICIENTNET);
    assertThat(fp32.fingerprint()).hasSize(64);
    assertThat(spec(Paths.EFFICIENTNET).fingerprint()).isEqualTo(fp32.fingerprint());
    assertThat(spec(Paths.EFFICIENTNET, "model.export=bf16").fingerprint())
        .isNotEqualTo(fp32.fingerprint());
    Path copy = copy("mobilenet-float");
    String before = spec(copy).fingerprint();
    Files.writeString(copy.resolve("synset.txt"), "another\n");
    assertThat(spec(copy).fingerprint()).isNotEqualTo(before);
  }

  @Test
  void missingFolder_isOneSentence() {
    assertThatThrownBy(() -> spec(folder.resolve("none")))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith("no model folder at " + folder.resolve("none"));
  }

  @Test
  void missingFile_isOneSentence() throws IOException {
    Path copy = copy("mobilenet-float");
    try (var files = Files.newDirectoryStream(copy, "*.pt")) {
      for (Path file : files) {
        Files.delete(file);
      }
    }
    assertThatThrownBy(() -> spec(copy))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("has no TorchScript file; expected");
  }

  @Test
  void misnamedFile_isShown() throws IOException {
    Path copy = copy("mobilenet-float");
    Files.move(copy.resolve("mobilenet-float.pt"), copy.resolve("best.pth"));
    assertThatThrownBy(() -> spec(copy))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "option.modelName in its serving.properties names another; the folder has best.pth, ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x.pt", "../../a/x.pt", "a/../../x.pt", "../a/../../x.pt", ".././x.pt"})
  void fileThatIsNeitherInTheFolderNorInOneBesideIt_isRefused(String file) throws IOException {
    Path copy = copy("mobilenet-float");
    Files.writeString(
        copy.resolve("serving.properties"),
        "\nexport.fp32.file=" + file,
        StandardOpenOption.APPEND);
    assertThatThrownBy(() -> spec(copy))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "export.fp32.file of the model at %s leads too far: %s; a file is in the folder, or in one beside it, such as ../other/x.pt",
            copy, file);
  }

  @Test
  void fingerprint_isAlsoOfAFileBeside() throws IOException {
    Path beside = copy("mobilenet-float");
    Path model = Files.createDirectories(folder.resolve("other"));
    Files.writeString(
        model.resolve("serving.properties"),
        Files.readString(beside.resolve("serving.properties"))
            + "\nexport.fp32.file=../mobilenet-float/mobilenet-float.pt\n");
    String before = spec(model).fingerprint();
    Files.writeString(beside.resolve("mobilenet-float.pt"), " ", StandardOpenOption.APPEND);
    assertThat(spec(model).fingerprint()).isNotEqualTo(before);
  }

  @Test
  void meanOfAModelThatNormalisesByItself_isRefused() {
    assertThatThrownBy(() -> spec(Paths.EFFICIENTNET, "model.mean=[0.5,0.5,0.5]"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "a model with input=uint8-nhwc normalises by itself, and model.mean has no effect; omit it, or set model.input=float-nchw");
  }

  @Test
  void unknownExport_isRefusedWithThoseThatExist() {
    assertThatThrownBy(() -> spec(Paths.EFFICIENTNET, "model.export=int8"))
        .isInstanceOf(ModelException.class)
        .hasMessageEndingWith(
            "has no export int8; it has fp32, bf16, bf16-fused, onnx-fp32, onnx-int8");
  }

  @Test
  void unsaidContract_isAskedFor() throws IOException {
    Path copy = copy("mobilenet-float");
    Files.writeString(copy.resolve("serving.properties"), "option.modelName=mobilenet-float\n");
    assertThatThrownBy(() -> spec(copy))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(
            "does not say its input; write input=... into its serving.properties");
  }

  @Test
  void meanThatIsNotSaid_isAskedFor() throws IOException {
    Path copy = copy("mobilenet-float");
    Path properties = copy.resolve("serving.properties");
    Files.writeString(properties, Files.readString(properties).replace("mean=", "means="));
    assertThatThrownBy(() -> spec(copy))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("does not say its mean");
  }

  private ModelSpec spec(Path model, String... pairs) {
    List<String> all = new ArrayList<>(List.of(pairs));
    all.add("model.path=" + model.toAbsolutePath());
    return Tandem.spec(Tandem.settings(all.toArray(String[]::new)));
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
