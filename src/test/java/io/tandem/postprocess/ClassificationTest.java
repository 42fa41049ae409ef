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
import io.tandem.model.ModelException;
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
            "it returns [1, 3] for a batch of 4, not [4, classes]; if it takes batches of 1 only, write batch=1 into its serving.properties");
    Outputs.Tensor tensor = new Outputs.Tensor(new float[3], 1, 3);
    assertThatThrownBy(
            () -> three.apply(new Outputs(1, Map.of("boxes", tensor, "scores", tensor)), 0, SAME))
        .hasMessageStartingWith("it returns 2 outputs: ");
    Outputs.Tensor map = new Outputs.Tensor(new float[12], 1, 3, 2, 2);
    assertThatThrownBy(() -> three.apply(new Outputs(1, Map.of("out", map)), 0, SAME))
        .hasMessage(
            "it returns [1, 3, 2, 2] for a batch of 1, not [1, classes]; write the task of this model into its serving.properties, such as task=tensor for its values as they are");
    assertThatThrownBy(() -> three.apply(new Outputs(1, Map.of("aux", map, "out", map)), 0, SAME))
        .hasMessageContaining("out [1, 3, 2, 2]")
        .hasMessageEndingWith(
            " for a batch of 1, and none of these is [1, classes]; write the task of this model into its serving.properties, such as task=tensor for its values as they are");
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

  @Test
  void onlyLogit_withTwoLabels_isTheSecondsAndTheRestIsTheFirsts() {
    List<String> labels = List.of("cold", "hot");
    // 1 / (1 + e^-3) and 1 / (1 + e^3)
    Prediction hot = new Prediction("hot", 0.95257413f);
    Prediction cold = new Prediction("cold", 0.047425874f);
    Classification logits = new Classification(model("logits", labels), 2);
    assertThat(logits.apply(outputs(1, 1, 3f), 0, SAME).best()).containsExactly(hot, cold);
    assertThat(logits.apply(outputs(1, 1, -3f), 0, SAME).best())
        .containsExactly(
            new Prediction("cold", hot.probability()), new Prediction("hot", cold.probability()));
    Classification best = new Classification(model("logits", labels), 1);
    assertThat(best.apply(outputs(1, 1, 3f), 0, SAME).best()).containsExactly(hot);
    Classification probabilities = new Classification(model("probabilities", labels), 5);
    assertThat(probabilities.apply(outputs(1, 1, 0.25f), 0, SAME).best())
        .containsExactly(new Prediction("cold", 0.75f), new Prediction("hot", 0.25f));
    assertThatThrownBy(() -> logits.apply(outputs(1, 3, 1f, 2f, 3f), 0, SAME))
        .hasMessage("it returns 3 classes, but synset.txt has 2 labels");
  }

  @Test
  void multiLabel_hasEachLabelAboveTheThreshold_bestFirst() {
    // Sigmoids 0.7311, 0.5, 0.8808.
    Outputs outputs = outputs(1, 3, 1f, 0f, 2f);
    assertThat(multiLabel("logits", "0.5", 3).apply(outputs, 0, SAME).best())
        .containsExactly(new Prediction("c", 0.8807971f), new Prediction("a", 0.7310586f));
    assertThat(multiLabel("logits", "0.49", 3).apply(outputs, 0, SAME).best())
        .extracting(Prediction::label)
        .containsExactly("c", "a", "b");
    assertThat(multiLabel("logits", "0.49", 1).apply(outputs, 0, SAME).best())
        .extracting(Prediction::label)
        .containsExactly("c");
    assertThat(multiLabel("logits", "0.9", 3).apply(outputs, 0, SAME))
        .isEqualTo(new Labels(List.of()));
    Outputs probabilities = outputs(1, 3, 0.9f, 0.4f, 0.8f);
    Postprocessor taken = multiLabel("probabilities", "0.5", 3);
    assertThat(((Labels) taken.apply(probabilities, 0, SAME)).best())
        .containsExactly(new Prediction("a", 0.9f), new Prediction("c", 0.8f));
    assertThat(taken.doubt(probabilities, 0)).isNull();
  }

  @Test
  void multiLabel_withAValueThatIsNoNumber_isAnError() {
    assertThatThrownBy(
            () -> multiLabel("logits", "0.5", 1).apply(outputs(1, 3, 1f, Float.NaN, 0f), 0, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage("the model returned NaN for this frame");
    assertThatThrownBy(
            () -> multiLabel("probabilities", "0.5", 1).apply(outputs(1, 3, 0, 1, -2), 0, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessageStartingWith("the model returned -2.000 as a probability");
  }

  @Test
  void wrongProperties_areRefused() {
    assertThatThrownBy(() -> multiLabel("logits", "50", 1))
        .isInstanceOf(ModelException.class)
        .hasMessage("the model's threshold is a number of 0 to 1, not: 50");
    Map<String, String> yes = Map.of("output", "logits", "multi-label", "yes");
    assertThatThrownBy(() -> new Classification(model(yes, List.of()), 1))
        .isInstanceOf(ModelException.class)
        .hasMessage("a model's multi-label is true or false, not: yes");
  }

  private static Classification multiLabel(String contract, String threshold, int topK) {
    return new Classification(
        model(
            Map.of("output", contract, "multi-label", "true", "threshold", threshold),
            List.of("a", "b", "c")),
        topK);
  }

  private static Classification postprocessor(String contract, int topK) {
    return new Classification(model(contract, List.of("a", "b", "c")), topK);
  }

  private static Outputs outputs(int frames, int classes, float... values) {
    return new Outputs(frames, Map.of("output0", new Outputs.Tensor(values, frames, classes)));
  }

  private static ModelSpec model(String contract, List<String> labels) {
    return model(Map.of("output", contract), labels);
  }

  private static ModelSpec model(Map<String, String> properties, List<String> labels) {
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
            ModelSpec.CLASSIFICATION, new OutputProperties("x", properties), labels));
  }
}
