package io.tandem.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.ModelException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Outputs and properties of detectors that do not fit: one sentence with the line to write. */
final class DetectorErrorsTest {
  private static final Geometry SAME = Geometry.same(96, 64);
  private static final float NAN = Float.NaN;
  private static final float INFINITE = Float.POSITIVE_INFINITY;

  /** Names of outputs with their shapes, for a batch of 2 and the labels zero, one and two. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "boxes-scores|b 2x9x4, s 2x9x3|it returns b [2, 9, 4], s [2, 9, 3]; write which of them is the boxes into its serving.properties: output.boxes=...",
        "boxes-scores|boxes 2x9x5, scores 2x9x3|its boxes are [2, 9, 5] for a batch of 2, not [2, boxes, 4]",
        "boxes-scores|boxes 1x9x4, scores 1x9x3|its boxes are [1, 9, 4] for a batch of 2, not [2, boxes, 4]; if it takes batches of 1 only, write batch=1 into its serving.properties",
        "boxes-scores|boxes 9x4, scores 9x3|its boxes are [9, 4] for a batch of 2, not [2, boxes, 4]; if it takes one frame at a time, set infer.batch-size=1 and benchmark.batch-sizes=[1]",
        "boxes-scores|boxes 2x9x4, scores 2x8x3|it returns 9 boxes, but 8 scores",
        "boxes-scores|boxes 2x9x4, scores 2x9x4|it returns 4 classes, but synset.txt has 3 labels",
        "boxes-scores|boxes 2x9x4, scores 2x9|it returns 1 classes, but synset.txt has 3 labels; if another output has the classes of the boxes, write output.labels=... into its serving.properties",
        "boxes-scores|boxes 2x9x4, scores 2x9, labels 2x8|it returns 9 boxes, but 8 labels",
        "boxes-scores|boxes 2x9x4, scores 2x9x3, labels 2x9|its scores are [2, 9, 3] for a batch of 2, not [2, boxes]",
        "yolo|a 2x9x7, b 2x9x7|it returns 2 outputs: a [2, 9, 7], b [2, 9, 7]; choose one by output.name=...",
        "yolo|a 2x9|it returns [2, 9] for a batch of 2, not [2, boxes, 4 + classes]",
        "yolo|a 2x9x4|it returns 0 classes, but synset.txt has 3 labels; if its output is [frames, 4 + classes, boxes], write output.format=yolo-transposed",
        "yolo|a 2x7x99|it returns 95 classes, but synset.txt has 3 labels; if its output is [frames, 4 + classes, boxes], write output.format=yolo-transposed",
        "yolo|a 2x9x8|it returns 4 classes, but synset.txt has 3 labels; if the fifth value of a box is its objectness, as YOLOv5's, write objectness=true",
        "yolo-transposed|a 2x99x7|it returns 95 classes, but synset.txt has 3 labels; if its output is [frames, boxes, 4 + classes], write output.format=yolo",
        "yolo-transposed|a 2x12x99|it returns 8 classes, but synset.txt has 3 labels",
        "end-to-end|a 2x9x7|it returns [2, 9, 7] for a batch of 2, not [2, boxes, 6]",
        "heatmap|heatmap 2x3x16x24, size 2x2x16x24, offset 2x1x16x24|its offset is [2, 1, 16, 24] for a batch of 2, not [2, 2, 16, 24]",
        "heatmap|heatmap 2x1x16x24, size 2x2x16x24, offset 2x2x16x24|it returns 1 classes, but synset.txt has 3 labels",
        "heatmap|heatmap 2x3x16x16, size 2x2x16x16, offset 2x2x16x16|its heat map has 16 x 16 cells, which with stride=6 are 96 x 96 pixels, not the 96 x 64 of its input; write the right stride=...",
        "anchors|boxes 2x9x4, scores 2x9x3|it returns boxes [2, 9, 4], scores [2, 9, 3]; write which of them is the anchors into its serving.properties: output.anchors=...",
        "anchors|boxes 2x9x4, scores 2x9x3, anchors 8x4|it returns 9 boxes, but 8 anchors",
        "anchors|boxes 2x9x4, scores 2x9x3, anchors 2x9x5|its anchors are [2, 9, 5] for a batch of 2, not [2, anchors, 4]",
      })
  void outputs_ofAnotherShape_areRefused(String format, String outputs, String sentence) {
    Postprocessor detector = DetectorCase.of("output.format=" + format).postprocessor();
    assertThatThrownBy(() -> detector.apply(zeros(2, outputs), 1, SAME))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .startsWith(sentence)
        .hasLineCount(1);
  }

  @Test
  void objectnessThatIsNone_isSaid() {
    Postprocessor detector =
        DetectorCase.of("output.format=yolo", "objectness=true").postprocessor();
    assertThatThrownBy(() -> detector.apply(zeros(2, "a 2x9x7"), 1, SAME))
        .hasMessage(
            "it returns 2 classes, but synset.txt has 3 labels; if no value before the classes is an objectness, omit objectness=true from its serving.properties");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "output.format=ssd|a model's output.format is boxes-scores or yolo or yolo-transposed or end-to-end or heatmap or anchors, not: ssd",
        "threshold=2|the model's threshold is a number of 0 to 1, not: 2",
        "threshold=-0.1|the model's threshold is a number of 0 to 1, not: -0.1",
        "nms=none|the model's nms is a number of 0 to 1, not: none",
        "top-k=2.5|the model's top-k is a whole number, not: 2.5",
        "top-k=0|the model's top-k is a number of 1 to 100000, not: 0",
        "candidates=NaN|the model's candidates is a number of 1 to 100000, not: NaN",
        "multi-label=yes|a model's multi-label is true or false, not: yes",
        "scores.activation=logits|a model's scores.activation is none or sigmoid or softmax, not: logits",
        "background=0|a model's background is none or first or last, not: 0",
        "box.format=ltrb|a model's box.format is xyxy or cxcywh or xywh, not: ltrb",
        "box.units=percent|a model's box.units is pixels or relative, not: percent",
      })
  void line_thatIsWrong_isRefused(String line, String sentence) {
    String[] parts = line.split("=", 2);
    DetectorCase detector = DetectorCase.of("output.format=boxes-scores").with(parts[0], parts[1]);
    assertThatThrownBy(detector::postprocessor)
        .isInstanceOf(ModelException.class)
        .hasMessage(sentence)
        .extracting(e -> ((ModelException) e).key())
        .isEqualTo("model.properties." + parts[0]);
  }

  @ParameterizedTest
  @CsvSource({"'1,1,1'", "'1,1,1,0'", "'1,1,1,x'", "'1,1,1,NaN'"})
  void weights_thatAreNone_areRefused(String weights) {
    assertThatThrownBy(
            DetectorCase.of("output.format=anchors").with("box.weights", weights)::postprocessor)
        .hasMessage(
            "a model's box.weights are four numbers above 0, for x, y, width and height, not: "
                + weights);
  }

  @Test
  void missingFormat_isSaidWithAll() {
    assertThatThrownBy(DetectorCase.of()::postprocessor)
        .hasMessage(
            "the model at x does not say how its outputs hold boxes; write output.format=boxes-scores or yolo or yolo-transposed or end-to-end or heatmap or anchors into its serving.properties");
  }

  @Test
  void framesOfTheirOwnSizes_areRefused() {
    DetectorCase ownSizes =
        new DetectorCase(Map.of("output.format", "yolo"), 0, 0, List.of("zero"));
    assertThatThrownBy(ownSizes::postprocessor)
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "a detector takes frames of one size; write width=..., height=... and fit=letterbox in the place of fit=none into the serving.properties of the model at x");
  }

  @Test
  void valuesThatAreNoResult_areErrorsOfTheirFrame() {
    assertInvalid("none", NAN, 9, "the model returned NaN as a score for this frame");
    assertInvalid("none", INFINITE, 9, "the model returned Infinity as a score for this frame");
    assertInvalid("none", -INFINITE, 9, "the model returned -Infinity as a score for this frame");
    assertInvalid("sigmoid", NAN, 9, "the model returned NaN as a score for this frame");
    assertInvalid("softmax", INFINITE, 9, "the model returned Infinity as a score for this frame");
    String logits =
        "the model returned %s as a score; if it returns logits, write scores.activation=sigmoid or softmax into its serving.properties";
    assertInvalid("none", 3.2f, 9, logits.formatted("3.200"));
    assertInvalid("none", -3.2f, 9, logits.formatted("-3.200"));
    assertInvalid("none", 0.9f, NAN, "the model returned NaN as a corner of a box for this frame");
    assertInvalid(
        "sigmoid", 9, INFINITE, "the model returned Infinity as a corner of a box for this frame");
  }

  /** Two frames of two boxes; in the second, one score and one corner are as given. */
  private static void assertInvalid(String activation, float score, float corner, String message) {
    Postprocessor detector = scored(activation).postprocessor();
    float[] boxes = new float[2 * 2 * 4];
    Arrays.fill(boxes, 1);
    boxes[8 + 6] = corner;
    boxes[8 + 7] = 9;
    float[] scores = new float[2 * 2 * 3];
    scores[6 + 4] = score;
    Outputs outputs = outputs(2, boxes, scores);
    assertThat(detector.apply(outputs, 0, SAME)).isInstanceOf(Detections.class);
    assertThatThrownBy(() -> detector.apply(outputs, 1, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage(message);
  }

  @Test
  void maskedLogit_andBoxesBelowTheThreshold_areNoErrors() {
    float[] boxes = {1, 1, 9, 9, 1, 1, NAN, 9};
    float[] scores = {2, -INFINITE, -INFINITE, -9, -9, -INFINITE};
    for (String activation : new String[] {"sigmoid", "softmax"}) {
      Detections found =
          (Detections)
              scored(activation)
                  .with("threshold", "0.8")
                  .postprocessor()
                  .apply(outputs(1, boxes, scores), 0, SAME);
      float score = activation.equals("softmax") ? 1 : (float) (1 / (1 + Math.exp(-2)));
      assertThat(found.found().get(0)).isEqualTo(new Detection("zero", score, new Box(1, 1, 9, 9)));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "7, 'label 7 for this frame, but synset.txt has 3 labels, from 0 to 2'",
    "1.5, '1.500 as a label for this frame'",
    "-1, '-1.000 as a label for this frame'",
    "NaN, 'NaN as a label for this frame'"
  })
  void labelThatDoesNotExist_isAnErrorOfItsFrame(float label, String sentence) {
    Postprocessor detector = DetectorCase.of("output.format=end-to-end").postprocessor();
    Outputs outputs =
        new Outputs(
            1, Map.of("a", new Outputs.Tensor(new float[] {1, 1, 9, 9, 0.9f, label}, 1, 1, 6)));
    assertThatThrownBy(() -> detector.apply(outputs, 0, SAME))
        .isInstanceOf(InvalidResultException.class)
        .hasMessage("the model returned " + sentence);
  }

  @Test
  void unitsThatAreProbablyWrong_areDoubted() {
    DetectorCase pixels = DetectorCase.of("output.format=boxes-scores");
    float[] scores = new float[3];
    assertThat(doubt(pixels, new float[] {0.1f, 0.1f, 0.9f, 0.98f}, scores))
        .isEqualTo(
            "the coordinates of a frame's boxes reach to 0.980 pixels only; if they are shares of the picture, write box.units=relative into its serving.properties");
    assertThat(doubt(pixels, new float[] {1, 1, 90, 60}, scores)).isNull();
    assertThat(doubt(pixels, new float[4], scores)).isNull(); // Nothing found: all are 0.
    DetectorCase relative = pixels.with("box.units", "relative");
    assertThat(doubt(relative, new float[] {1, 1, 90, 60}, scores))
        .isEqualTo(
            "the coordinates of a frame's boxes reach to 90.0, not to 1; if they are pixels of the model's input, write box.units=pixels into its serving.properties");
    assertThat(doubt(relative, new float[] {0.1f, 0.1f, 0.9f, 0.98f}, scores)).isNull();
  }

  @Test
  void scoresThatAreLogits_areRefusedBeforeTheFirstFrame() {
    DetectorCase detector = DetectorCase.of("output.format=boxes-scores");
    float[] box = {1, 1, 90, 60};
    assertThatThrownBy(() -> doubt(detector, box, new float[] {0.1f, -4, 0}))
        .isInstanceOf(InvalidResultException.class)
        .hasMessageStartingWith("the model returned -4.000 as a score; ");
    assertThat(doubt(detector, box, new float[] {0.1f, NAN, 0})).isNull(); // Of this frame alone.
    assertThat(doubt(scored("sigmoid"), box, new float[] {0.1f, -4, 0})).isNull();
  }

  @Test
  void layoutThatIsProbablyTransposed_isDoubtedWithoutLabels() {
    Outputs outputs = zeros(1, "a 1x7x99");
    String yolo =
        DetectorCase.of("output.format=yolo").withLabels().postprocessor().doubt(outputs, 0);
    assertThat(yolo)
        .isEqualTo(
            "it returns 7 boxes with 95 classes each; if its output is [frames, 4 + classes, boxes], write output.format=yolo-transposed into its serving.properties");
    assertThat(
            DetectorCase.of("output.format=yolo-transposed")
                .withLabels()
                .postprocessor()
                .doubt(outputs, 0))
        .isNull();
  }

  private static DetectorCase scored(String activation) {
    return DetectorCase.of("output.format=boxes-scores").with("scores.activation", activation);
  }

  private static @Nullable String doubt(DetectorCase detector, float[] boxes, float[] scores) {
    return detector.postprocessor().doubt(outputs(1, boxes, scores), 0);
  }

  private static Outputs outputs(int frames, float[] boxes, float[] scores) {
    int count = boxes.length / frames / 4;
    return new Outputs(
        frames,
        Map.of(
            "boxes", new Outputs.Tensor(boxes, frames, count, 4),
            "scores", new Outputs.Tensor(scores, frames, count, 3)));
  }

  /** Returns outputs of zeros, such as "boxes 2x9x4, scores 2x9". */
  private static Outputs zeros(int frames, String shapes) {
    Map<String, Outputs.Tensor> tensors = new LinkedHashMap<>();
    for (String each : shapes.split(", ", -1)) {
      String[] parts = each.split(" ", 2);
      long[] shape = Arrays.stream(parts[1].split("x", -1)).mapToLong(Long::parseLong).toArray();
      int size = Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
      tensors.put(parts[0], new Outputs.Tensor(new float[size], shape));
    }
    return new Outputs(frames, tensors);
  }
}
