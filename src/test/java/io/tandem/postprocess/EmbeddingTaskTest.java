package io.tandem.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.ModelException;
import io.tandem.model.OutputProperties;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class EmbeddingTaskTest {
  private static final EmbeddingTask TASK = new EmbeddingTask();
  private static final Geometry SAME = Geometry.same(8, 8);

  @Test
  void embedding_isOfTheFramesOwnPlace_asTheModelReturnsIt() {
    Embedding embedding = output().apply(outputs(new float[] {9, 9, 9, 3, 0, -4}, 2, 3), 1, SAME);
    assertThat(embedding.values()).containsExactly(3, 0, -4);
    assertThat(embedding.describe()).isEqualTo("3 numbers of length 5.00: 3.00, 0.00, -4.00");
  }

  @Test
  void l2_bringsItToLengthOne_andLeavesTheOutputsAlone() {
    float[] values = {3, 0, -4, 0};
    Embedding embedding = output("normalise", "l2").apply(outputs(values, 1, 4, 1, 1), 0, SAME);
    assertThat(embedding.values()).containsExactly(0.6f, 0, -0.8f, 0);
    assertThat(embedding.describe()).isEqualTo("4 numbers of length 1.00: 0.60, 0.00, -0.80, ...");
    assertThat(values).containsExactly(3, 0, -4, 0);
  }

  @Test
  void l2_ofNumbersWhoseSquaresAreNoFloats_isRight() {
    Embedding large =
        output("normalise", "l2").apply(outputs(new float[] {0x3p100f, 0x4p100f}, 1, 2), 0, SAME);
    assertThat(large.values()).containsExactly(0.6f, 0.8f);
    Embedding small =
        output("normalise", "l2").apply(outputs(new float[] {0x3p-100f, 0x4p-100f}, 1, 2), 0, SAME);
    assertThat(small.values()).containsExactly(0.6f, 0.8f);
  }

  @Test
  void valuesThatAreNoEmbedding_areErrorsOfTheirFrame() {
    Outputs outputs =
        outputs(new float[] {0, 0, 1, Float.NaN, Float.NEGATIVE_INFINITY, 1, 1, 0}, 4, 2);
    assertThatThrownBy(() -> output().apply(outputs, 0, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage(
            "the model returned only zeros as this frame's embedding, which has no direction");
    assertThatThrownBy(() -> output().apply(outputs, 1, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage("the model returned NaN in this frame's embedding");
    assertThatThrownBy(() -> output().apply(outputs, 2, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage("the model returned -Infinity in this frame's embedding");
    assertThat(output().apply(outputs, 3, SAME).values()).containsExactly(1, 0);
  }

  @Test
  void severalOutputs_needAChoice() {
    Map<String, Outputs.Tensor> both = new LinkedHashMap<>();
    both.put("logits", new Outputs.Tensor(new float[] {5}, 1, 1));
    both.put("features", new Outputs.Tensor(new float[] {1, 2}, 1, 2));
    Outputs outputs = new Outputs(1, both);
    assertThatThrownBy(() -> output().apply(outputs, 0, SAME))
        .hasMessageStartingWith(
            "it returns 2 outputs: logits [1, 1], features [1, 2]; choose one by output.name=");
    for (String choice : List.of("features", "1")) {
      assertThat(output("output.name", choice).apply(outputs, 0, SAME).values())
          .containsExactly(1, 2);
    }
  }

  @Test
  void outputsOfAnotherShape_areRefused() {
    assertThatThrownBy(() -> output().apply(outputs(new float[16], 2, 2, 2, 2), 0, SAME))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "it returns [2, 2, 2, 2] for a batch of 2, and a model with task=embedding returns [2, numbers] or [2, numbers, 1, 1]; average over height and width before its export, or write another task into its serving.properties");
    assertThatThrownBy(() -> output().apply(new Outputs(2, one(new float[3], 1, 3)), 0, SAME))
        .hasMessageStartingWith("it returns [1, 3] for a batch of 2, and a model with task=emb");
  }

  @Test
  void wrongProperty_isRefused() {
    assertThatThrownBy(() -> output("normalise", "l1"))
        .isInstanceOf(ModelException.class)
        .hasMessage("a model's normalise is l2 or none, not: l1");
  }

  @Test
  void result_isReadAsItWasWritten() {
    List<Object> cells = new ArrayList<>(Collections.nCopies(TASK.columns().size(), ""));
    new Embedding(new float[] {1, 2, 3}).write(cells::set);
    assertThat(cells.get(EmbeddingTask.DIMENSIONS)).isEqualTo(3);
    assertThat(TASK.read(cells::get).values()).containsExactly(1, 2, 3);
  }

  @Test
  void agreement_isByTheCosine_whateverTheLengths() {
    Embedding base = new Embedding(new float[] {1, 0});
    assertThat(TASK.agreement(new Embedding(new float[] {7, 0}), base, 0))
        .isEqualTo(new ResultAgreement(true, 0.0));
    // 1 in 23 and 1 in 22: cosines of 0.99906 and 0.99897.
    assertAgreement(TASK.agreement(new Embedding(new float[] {23, 1}), base, 0), true, 9.438e-4);
    assertAgreement(TASK.agreement(new Embedding(new float[] {22, 1}), base, 0), false, 1.0315e-3);
    assertAgreement(TASK.agreement(new Embedding(new float[] {-1, 0}), base, 0), false, 2);
    assertThat(TASK.agreement(new Embedding(new float[] {1, 0, 0}), base, 0))
        .isEqualTo(new ResultAgreement(false, null));
  }

  private static void assertAgreement(ResultAgreement agreement, boolean same, double difference) {
    assertThat(agreement.same()).isEqualTo(same);
    assertThat(Objects.requireNonNull(agreement.difference())).isCloseTo(difference, within(1e-6));
  }

  private static EmbeddingOutput output(String... pair) {
    return new EmbeddingOutput(
        new OutputProperties("x", pair.length == 0 ? Map.of() : Map.of(pair[0], pair[1])));
  }

  private static Outputs outputs(float[] values, int... shape) {
    return new Outputs(shape[0], one(values, shape));
  }

  private static Map<String, Outputs.Tensor> one(float[] values, int... shape) {
    long[] sizes = Arrays.stream(shape).asLongStream().toArray();
    return Map.of("output0", new Outputs.Tensor(values, sizes));
  }
}
