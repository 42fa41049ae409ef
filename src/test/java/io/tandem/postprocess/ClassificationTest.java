package io.tandem.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tandem.conf.Export;
import io.tandem.engine.Outputs;
import io.tandem.frame.Channels;
import io.tandem.frame.Framing;
import io.tandem.frame.Geometry;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ClassificationTest {
  private static final Geometry SAME = Geometry.same(8, 8);

  @Test
  void logits_becomeProbabilities_bestFirst_ofTheFramesOwnPlace() {
    Outputs outputs = outputs(2, 3, 9f, 9f, 9f, 1f, 3f, 2f);
    Labels labels = postprocessor("logits", 2).apply(outputs, 1, SAME);
    double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
    assertThat(labels.best()).extracting(Prediction::label).containsExactly("b", "c");
    assertThat(labels.best().get(0).probability())
        .isCloseTo((float) (Math.exp(3) / sum), within(1e-6f));
    assertThat(labels.best().get(1).probability())
        .isCloseTo((float) (Math.exp(2) / sum), within(1e-6f));
    assertThat(labels.describe()).isEqualTo("b 0.67, c 0.24");
  }

  @Test
  void largeLogits_doNotOverflow() {
    Labels labels = postprocessor("logits", 1).apply(outputs(1, 3, 1000f, 0f, -1000f), 0, SAME);
    assertThat(labels.best()).containsExactly(new Prediction("a", 1));
  }

  @Test
  void probabilities_areTakenAsTheyAre_andMoreLabelsThanClassesAreAll() {
    Labels labels =
        postprocessor("probabilities", 5).apply(outputs(1, 3, 0.2f, 0.1f, 0.7f), 0, SAME);
    assertThat(labels.best())
        .containsExactly(
            new Prediction("c", 0.7f), new Prediction("a", 0.2f), new Prediction("b", 0.1f));
  }

  @Test
  void best_areThoseOfASort_alsoWithTies() {
    Random random = new Random(5);
    for (int time = 0; time < 200; time++) {
      float[] values = new float[50];
      for (int i = 0; i < values.length; i++) {
        values[i] = random.nextInt(20) / 20f;
      }
      List<String> sorted =
          IntStream.range(0, 50)
              .boxed()
              .sorted(Comparator.comparing((Integer i) -> values[i]).reversed())
              .map(i -> "class " + i)
              .toList();
      Classification all = new Classification(model("probabilities", List.of()), 7);
      assertThat(all.apply(outputs(1, 50, values), 0, SAME).best())
          .extracting(Prediction::label)
          .isEqualTo(sorted.subList(0, 7));
    }
  }

  @Test
  void outputsOfAnotherShape_areRefused() {
    Classification three = postprocessor("logits", 1);
    assertThatThrownBy(() -> three.apply(outputs(2, 2, 1f, 2f, 3f, 4f), 0, SAME))
        .hasMessage("it returns 2 classes, but synset.txt has 3 labels");
    Outputs oneFrame = new Outputs(4, Map.of("output0", new Outputs.Tensor(new float[3], 1, 3)));
    assertThatThrownBy(() -> three.apply(oneFrame, 0, SAME))
        .hasMessage(
            "it returns [1, 3] for a batch of 4, not [4, classes]; if it was exported for 1 frames, set infer.batch-size and benchmark.batch-size to it");
    Outputs.Tensor tensor = new Outputs.Tensor(new float[3], 1, 3);
    assertThatThrownBy(
            () -> three.apply(new Outputs(1, Map.of("boxes", tensor, "scores", tensor)), 0, SAME))
        .hasMessageStartingWith("it returns 2 outputs: ");
  }

  @Test
  void valuesThatAreNoResult_areErrorsOfTheirFrame() {
    Classification logits = postprocessor("logits", 1);
    Outputs two =
        outputs(3, 3, 1f, Float.NaN, 0f, 1f, 2f, Float.NEGATIVE_INFINITY, 0f, 1f / 0f, 0f);
    assertThatThrownBy(() -> logits.apply(two, 0, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage("the model returned NaN for this frame");
    assertThat(logits.apply(two, 1, SAME).best().get(0).label()).isEqualTo("b"); // c is masked.
    assertThatThrownBy(() -> logits.apply(two, 2, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage("the model returned Infinity for this frame");
    Classification probabilities = postprocessor("probabilities", 1);
    assertThatThrownBy(() -> probabilities.apply(outputs(1, 3, -0.02f, -5f, -9f), 0, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessageStartingWith("the model returned -0.02000 as a probability");
    assertThat(probabilities.doubt(outputs(1, 3, 0.2f, 0.1f, 0.3f), 0))
        .startsWith("the probabilities of a frame sum to 0.600, not 1; ");
    assertThat(probabilities.doubt(outputs(1, 3, 0.2f, 0.1f, 0.7f), 0)).isNull();
  }

  @Test
  void onlyLogit_getsItsSigmoid() {
    Classification one = new Classification(model("logits", List.of("red")), 1);
    assertThat(one.apply(outputs(1, 1, 0f), 0, SAME).best())
        .containsExactly(new Prediction("red", 0.5f));
  }

  private static Classification postprocessor(String contract, int topK) {
    return new Classification(model(contract, List.of("a", "b", "c")), topK);
  }

  private static Outputs outputs(int frames, int classes, float... values) {
    return new Outputs(frames, Map.of("output0", new Outputs.Tensor(values, frames, classes)));
  }

  private static ModelSpec model(String contract, List<String> labels) {
    return new ModelSpec(
        new ModelSpec.Location("file:/models/x", new ModelSpec.ModelFile("x.pt", 1, ""), List.of()),
        new Export("fp32", "pytorch", "fp32"),
        "x",
        new ModelSpec.ModelInput(
            InputContract.UINT8_NHWC,
            8,
            8,
            null,
            Framing.USUAL,
            Channels.RGB,
            ModelSpec.Values.UNIT,
            0,
            0,
            0),
        new ModelSpec.ModelOutput(
            ModelSpec.CLASSIFICATION,
            new OutputProperties("x", Map.of("output", contract)),
            labels));
  }
}
