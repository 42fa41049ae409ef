package io.tandem.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class TensorTaskTest {
  private static final TensorTask TASK = new TensorTask();

  /** Two frames: boxes [2, 2, 2], scores [2, 2], and a tensor that belongs to no frame. */
  private static Outputs outputs() {
    Map<String, Outputs.Tensor> tensors = new LinkedHashMap<>();
    tensors.put("boxes", new Outputs.Tensor(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, 2, 2, 2));
    tensors.put("scores", new Outputs.Tensor(new float[] {0.1f, 0.2f, Float.NaN, 0.4f}, 2, 2));
    tensors.put("anchors", new Outputs.Tensor(new float[] {9, 9, 9}, 3));
    tensors.put("loss", new Outputs.Tensor(new float[] {9}));
    return new Outputs(2, tensors);
  }

  @Test
  void tensors_areTheFramesOwnParts_inTheOrderOfTheModel() {
    Result result = apply("", 1);
    assertThat(result.describe()).isEqualTo("boxes [2, 2], scores [2]");
    List<List<Object>> parts = parts(result);
    assertThat(parts).hasSize(2);
    assertThat(parts.get(0)).containsExactly("boxes", new int[] {2, 2}, new float[] {5, 6, 7, 8});
    assertThat(parts.get(1))
        .containsExactly("scores", new int[] {2}, new float[] {Float.NaN, 0.4f});
  }

  @Test
  void names_chooseAndOrder() {
    assertThat(apply("scores, boxes", 0).describe()).isEqualTo("scores [2], boxes [2, 2]");
    assertThat(apply("scores", 0).describe()).isEqualTo("scores [2]");
  }

  @Test
  void name_choosesOne_unlessThereAreNames() {
    Map<String, String> one = Map.of("output.name", "scores");
    assertThat(postprocessor(one).apply(outputs(), 0, Geometry.same(8, 8)).describe())
        .isEqualTo("scores [2]");
    Map<String, String> both = Map.of("output.name", "scores", "output.names", "boxes,scores");
    assertThat(postprocessor(both).apply(outputs(), 0, Geometry.same(8, 8)).describe())
        .contains("boxes ")
        .contains("scores [2]");
  }

  @Test
  void outputsThatAreNotThere_orHaveNoFrames_areRefused() {
    assertThatThrownBy(() -> apply("labels", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "it has no output labels; it returns boxes [2, 2, 2], scores [2, 2], anchors [3], loss []");
    assertThatThrownBy(() -> apply("boxes,anchors", 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "its output anchors is [3] for a batch of 2, and has no part for each frame; choose others by output.names in its serving.properties");
    Outputs none = new Outputs(2, Map.of("loss", new Outputs.Tensor(new float[] {1}, 1)));
    assertThatThrownBy(() -> postprocessor("").apply(none, 0, Geometry.same(8, 8)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "it returns loss [1] for a batch of 2, and with task=tensor the first dimension of an output is that of the frames");
  }

  @Test
  void result_isReadAsItWasWritten() {
    Result result = apply("", 1);
    Result read = TASK.read(column -> parts(result));
    assertThat(read.describe()).isEqualTo(result.describe());
    assertThat(TASK.agreement(read, result, 0)).isEqualTo(new ResultAgreement(true, 0.0));
  }

  @Test
  void agreement_isByTheLargestErrorOfATensor_byItsLargestValue() {
    Result base = one("a", -200, 1, 0);
    assertAgreement(TASK.agreement(one("a", -200, 1.19f, 0), base, 0), true, 0.95e-3);
    assertAgreement(TASK.agreement(one("a", -200.21f, 1, 0), base, 0), false, 1.05e-3);
    assertAgreement(TASK.agreement(one("a", 200, 1, 0), base, 0), false, 2);
  }

  @Test
  void agreement_ofOtherTensorsOrOfValuesThatAreNotFinite_isNone() {
    ResultAgreement none = new ResultAgreement(false, null);
    ResultAgreement same = new ResultAgreement(true, 0.0);
    float infinity = Float.POSITIVE_INFINITY;
    assertThat(TASK.agreement(one("b", 1), one("a", 1), 0)).isEqualTo(none);
    assertThat(TASK.agreement(one("a", 1, 2), one("a", 1), 0)).isEqualTo(none);
    assertThat(TASK.agreement(apply("boxes", 0), apply("", 0), 0)).isEqualTo(none);
    assertThat(TASK.agreement(one("a", Float.NaN, 1), one("a", 1, 1), 0)).isEqualTo(none);
    assertThat(TASK.agreement(one("a", 1, 1), one("a", Float.NaN, 1), 0)).isEqualTo(none);
    assertThat(TASK.agreement(one("a", infinity, 1), one("a", 1, 1), 0)).isEqualTo(none);
    assertThat(TASK.agreement(one("a", -infinity, 1), one("a", infinity, 1), 0)).isEqualTo(none);
    assertThat(TASK.agreement(one("a", infinity, 1), one("a", infinity, 1), 0)).isEqualTo(same);
    assertThat(TASK.agreement(one("a", Float.NaN, 1), one("a", Float.NaN, 1), 0)).isEqualTo(same);
    assertThat(TASK.agreement(one("a", 0, 1e-9f), one("a", 0, 0), 0)).isEqualTo(none);
    assertThat(TASK.agreement(one("a", 0, -0f), one("a", 0, 0), 0)).isEqualTo(same);
  }

  private static void assertAgreement(ResultAgreement agreement, boolean same, double difference) {
    assertThat(agreement.same()).isEqualTo(same);
    assertThat(Objects.requireNonNull(agreement.difference())).isCloseTo(difference, within(1e-6));
  }

  private static Result one(String name, float... values) {
    Outputs.Tensor tensor = new Outputs.Tensor(values, 1, values.length);
    return postprocessor("").apply(new Outputs(1, Map.of(name, tensor)), 0, Geometry.same(8, 8));
  }

  private static Result apply(String names, int slot) {
    return postprocessor(names).apply(outputs(), slot, Geometry.same(8, 8));
  }

  private static Postprocessor postprocessor(String names) {
    return postprocessor(Map.of("output.names", names));
  }

  private static Postprocessor postprocessor(Map<String, String> lines) {
    ModelSpec some = ModelSpec.synthetic();
    return TASK.postprocessor(
        new ModelSpec(
            some.location(),
            some.export(),
            some.fingerprint(),
            some.takes(),
            new ModelSpec.ModelOutput("tensor", new OutputProperties("x", lines), List.of())),
        1);
  }

  @SuppressWarnings("unchecked") // As the column's kind says.
  private static List<List<Object>> parts(Result result) {
    List<Object> cells = new ArrayList<>(Collections.nCopies(TASK.columns().size(), ""));
    result.write(cells::set);
    return (List<List<Object>>) cells.get(0);
  }
}
