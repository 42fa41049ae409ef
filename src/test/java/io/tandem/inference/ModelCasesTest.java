package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.commons.lang3.ArrayUtils;
import org.apache.commons.lang3.StringUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models as people have them, on flat pictures: blue, green, grey and red. Values by PyTorch. */
final class ModelCasesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({
    "lesson-view, c6, 0.1109, c6, 0.1112, c6, 0.1113, c6, 0.1111",
    "colour, blue, 0.9779, green, 0.9779, , 0.3333, red, 0.9779",
    "synset-bom, blue, 0.9779, green, 0.9779, , 0.3333, red, 0.9779",
    "one-prob, red, 0.0194, red, 0.1234, red, 0.5000, red, 0.9972",
    "one-logit, red, 0.0194, red, 0.1234, red, 0.5000, red, 0.9972",
    "quant-static, green, 0.4253, green, 0.4388, green, 0.4358, green, 0.4336",
    "sdpa-rms, blue, 0.4201, blue, 0.4772, blue, 0.4697, red, 0.4312",
  })
  void model_givesItsRightAnswers(
      String model,
      String blueLabel,
      float blue,
      String greenLabel,
      float green,
      String greyLabel,
      float grey,
      String redLabel,
      float red) {
    Call call = infer(model);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err()).doesNotContain("eval()", "sum to");
    List<Row> rows = rows("label, probability");
    String[] labels = {blueLabel, greenLabel, greyLabel, redLabel};
    float[] right = {blue, green, grey, red};
    for (int i = 0; i < right.length; i++) {
      if (labels[i] != null) { // Three classes are alike for grey.
        assertThat(rows.get(i).getString(0)).isEqualTo(labels[i]);
      }
      assertThat(rows.get(i).getFloat(1)).isCloseTo(right[i], within(5e-4f));
    }
  }

  /** Lines that make refused models right ones: a choice of the output, logits, sigmoids. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          dict | output.name=logits | blue 0.98, red 0.02, green 0.00 | red 0.98, green 0.02, blue 0.00
          tuple | output.name=0 | blue 0.98, red 0.02, green 0.00 | red 0.98, green 0.02, blue 0.00
          dict | output.name=features | blue 1.00, red 0.00, green 0.00 | red 1.00, green 0.00, blue 0.00
          logits-as-probabilities | output=logits | blue 0.98, red 0.02, green 0.00 | red 0.98, green 0.02, blue 0.00
          logits-as-probabilities | output=logits; multi-label=true; threshold=0.99 | blue 1.00 | red 1.00
          logits-as-probabilities | output=logits; multi-label=true; threshold=0.9999 | no label | no label
          dict | output.name=logits; multi-label=true | blue 1.00, red 0.98, green 0.88 | red 1.00, green 0.98, blue 0.88
          one-prob | labels=other,red | other 0.98, red 0.02 | red 1.00, other 0.00
          one-logit | labels=other,red | other 0.98, red 0.02 | red 1.00, other 0.00
          one-logit | multi-label=true | no label | red 1.00
          """)
  void refusedModel_isRightWithTheLineToWrite(String model, String lines, String blue, String red)
      throws IOException {
    Path own = Files.createDirectories(folder.resolve(model));
    try (var files = Files.newDirectoryStream(Paths.MODEL_CASES.resolve(model))) {
      for (Path file : files) {
        Files.write(own.resolve(file.getFileName()), Files.readAllBytes(file));
      }
    }
    for (String line : lines.split("; ", -1)) {
      if (line.startsWith("labels=")) {
        Files.writeString(own.resolve("synset.txt"), line.substring(7).replace(',', '\n'));
      } else {
        Files.writeString(
            own.resolve("serving.properties"), "\n" + line, StandardOpenOption.APPEND);
      }
    }
    Call call =
        Inferred.infer(
            Paths.MODEL_CASES.resolve("frames"),
            folder.resolve("out"),
            "model.path=" + own,
            "output.top-k=3");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("4 frames, 0 failed");
    List<Row> rows = rows("label, probability, top_k, error");
    assertRow(rows.get(0), blue);
    assertRow(rows.get(3), red);
  }

  private static void assertRow(Row row, String labels) {
    List<Row> topK = row.getList(2);
    assertThat(row.isNullAt(3)).isTrue();
    if (labels.equals("no label")) {
      assertThat(topK).isEmpty();
      assertThat(row.isNullAt(0) && row.isNullAt(1)).isTrue();
      return;
    }
    assertThat(
            topK.stream()
                .map(
                    label -> String.format(Locale.ROOT, "%s %.2f", label.get(0), label.getFloat(1)))
                .collect(Collectors.joining(", ")))
        .isEqualTo(labels);
    assertThat(row.getString(0)).isEqualTo(topK.get(0).getString(0));
    assertThat(row.getFloat(1)).isEqualTo(topK.get(0).getFloat(1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bgr255 | channels=bgr scale=none | blue 0.9779 | green 0.9779 | any 0.3333 | red 0.9779",
        "mean255 | scale=none | blue 1.0000 | green 1.0000 | blue 0.8781 | red 1.0000",
        "bfloat16 | input=bfloat16-nchw | green 0.4533 | green 0.4238 | green 0.4256 | green 0.4247",
        "loop-batch1 | batch=1 | blue 0.9779 | green 0.9779 | any 0.3333 | red 0.9779",
        "colour | scale=-1..1 | blue 0.9996 | green 0.9996 | any 0.3333 | red 0.9996",
      })
  void input_isWhatTheLinesSay(
      String model, String lines, String blue, String green, String grey, String red) {
    Call call =
        infer(
            model,
            Arrays.stream(StringUtils.split(lines))
                .map(line -> "model.properties." + line)
                .toArray(String[]::new));
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Row> rows = rows("label, probability");
    List<String> expected = List.of(blue, green, grey, red);
    for (int i = 0; i < expected.size(); i++) {
      String label = StringUtils.substringBefore(expected.get(i), " ");
      float right = Float.parseFloat(StringUtils.substringAfter(expected.get(i), " "));
      if (!label.equals("any")) { // Three classes are alike for grey.
        assertThat(rows.get(i).getString(0)).isEqualTo(label);
      }
      assertThat(rows.get(i).getFloat(1)).isCloseTo(right, within(5e-4f));
    }
  }

  @Test
  void batchesInALoop_areSaid() {
    assertThat(infer("loop-batch1", "model.properties.batch=1").err())
        .containsOnlyOnce("the model takes batches of 1 only: one of 4 is predicted by 4 calls");
  }

  @Test
  void resultThatIsNotFinite_isAnErrorRow() {
    Call call = infer("nan");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("4 frames, 2 failed");
    List<Row> rows = rows("label, probability, error");
    assertThat(rows.get(0).getFloat(1)).isCloseTo(0.9779f, within(5e-4f));
    assertThat(rows.get(3).getFloat(1)).isCloseTo(0.9779f, within(5e-4f));
    for (int failed : List.of(1, 2)) {
      assertThat(rows.get(failed).isNullAt(0)).isTrue();
      assertThat(rows.get(failed).getString(2)).isEqualTo("the model returned NaN for this frame");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          std0 | the model's std must be above 0: 0.0,0.0,0.0
          mean255 | the model's mean is of pixels on a scale of 0 to 1: 123.675,116.28,103.53; divide
          logits-as-probabilities | as a probability; if it returns logits, write output=logits into its
          dict | it returns 2 outputs: features [4, 3], logits [4, 3]; choose one by output.name=... in its
          tuple | it returns 2 outputs: output0 [4, 3], output1 [4, 64, 64]; choose one by output.name=... in
          named-tuple-none | such as a named tuple or None; export a model that returns one tensor
          bfloat16 | its weights are of half precision, and its input is float32; write input=bfloat16-nchw into its serving.properties (option
          state-dict | it is a file of torch.save, such as a state dict; export the model by torch.jit.trace(
          loop-batch1 | if it takes batches of 1 only, write batch=1 into its serving.properties
          new-op | ; export the model with this version of PyTorch or an older one
          torchvision-nms | has no operator torchvision::nms; export a detector before its NMS, so that it returns
          torchvision-roialign | has no operator torchvision::roi_align; it belongs to torchvision's own library;
          """)
  void model_isRefusedInASentence(String model, String sentence) {
    Call call = infer(model);
    assertThat(call.exitCode()).as(call.out() + call.err()).isEqualTo(2);
    assertThat(call.err()).contains(sentence);
    assertThat(call.err().strip().lines()).hasSize(1);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void cutFile_isRefusedAsDamaged() throws IOException {
    byte[] whole = Files.readAllBytes(Paths.MODEL_CASES.resolve("colour/colour.pt"));
    assertRefused(
        Arrays.copyOf(whole, whole.length / 2),
        "it is no TorchScript, or is damaged; export the model by torch.jit.trace(");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "export.pt2|it is an exported program of torch.export (.pt2); export the model by torch.jit",
        "legacy.pt|it is a Python pickle, as torch.save wrote before PyTorch 1.6; export the model by",
        "weights.safetensors|it is a file of safetensors: weights without a network; export the model by",
      })
  void fileOfAnotherFormat_isNamed(String file, String sentence) throws IOException {
    assertRefused(Files.readAllBytes(Paths.FOREIGN.resolve(file)), sentence);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "version https://git-lfs.github.com/spec/v1|it is a pointer of Git LFS; get the file by git lfs pull",
        "<!DOCTYPE html>|it is a web page, not the file that it offers",
      })
  void fileThatIsNoModel_isNamed(String text, String sentence) throws IOException {
    assertRefused((text + "\n").getBytes(StandardCharsets.UTF_8), sentence + " (option");
  }

  private void assertRefused(byte[] file, String sentence) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    for (String name : List.of("serving.properties", "synset.txt")) {
      Files.copy(Paths.MODEL_CASES.resolve("colour").resolve(name), model.resolve(name));
    }
    Files.write(model.resolve("colour.pt"), file);
    Call call =
        Inferred.infer(
            Paths.MODEL_CASES.resolve("frames"), folder.resolve("out"), "model.path=" + model);
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains(sentence).hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({"colour, uint8-nhwc, float-nchw", "colour, uint8-nchw, float-nchw"})
  void otherInputThatTheModelTakes_isSaid(String model, String said, String takes) {
    Call call = infer(model, "model.input=" + said);
    assertThat(call.exitCode()).as(call.out() + call.err()).isEqualTo(2);
    assertThat(call.err())
        .contains(
            "; it takes another input: write input=%s into its serving.properties, or set model.input"
                .formatted(takes))
        .hasLineCount(1);
  }

  @Test
  void modelInTrainingMode_isWarnedOf() {
    Call call = infer("dropout-traced-train");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .contains("the same picture gets another output each time (it differs by ")
        .contains("; call eval() on the model before its export");
  }

  private Call infer(String model, String... pairs) {
    String path = "model.path=" + Paths.MODEL_CASES.resolve(model).toAbsolutePath();
    return Inferred.infer(
        Paths.MODEL_CASES.resolve("frames"), folder.resolve("out"), ArrayUtils.add(pairs, path));
  }

  private List<Row> rows(String columns) {
    return new RunReader(folder.resolve("out"))
        .predictions("SELECT " + columns + " FROM rows ORDER BY path");
  }
}
