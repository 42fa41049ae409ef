package io.tandem.postprocess;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.conf.Export;
import io.tandem.engine.Outputs;
import io.tandem.frame.Channels;
import io.tandem.frame.Framing;
import io.tandem.model.InputContract;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A detector for tests: the lines of its properties, its input and its labels. */
record DetectorCase(Map<String, String> properties, int width, int height, List<String> labels) {
  private static final Path FOLDER = Path.of("src/test/resources/detection");

  /** Outputs with the objects that their reference finds in each frame. */
  record Recorded(DetectorCase detector, Outputs outputs, List<List<Detection>> expected) {
    /** Reads a case that data/make/detection_cases.py has made. */
    static Recorded read(String name) throws IOException {
      JsonNode json = json(name);
      Map<String, String> properties = new LinkedHashMap<>();
      json.get("properties").properties().forEach(e -> properties.put(e.getKey(), text(e)));
      List<String> labels = new ArrayList<>();
      json.get("labels").forEach(label -> labels.add(label.asText()));
      Map<String, Outputs.Tensor> outputs = new LinkedHashMap<>();
      json.get("outputs").properties().forEach(e -> outputs.put(e.getKey(), tensor(e.getValue())));
      List<List<Detection>> expected = new ArrayList<>();
      json.get("expected").forEach(frame -> expected.add(detections(frame)));
      return new Recorded(
          new DetectorCase(
              properties, json.get("width").asInt(), json.get("height").asInt(), labels),
          new Outputs(expected.size(), outputs),
          expected);
    }

    private static String text(Map.Entry<String, JsonNode> entry) {
      return entry.getValue().asText();
    }

    private static Outputs.Tensor tensor(JsonNode json) {
      long[] shape = new long[json.get("shape").size()];
      for (int i = 0; i < shape.length; i++) {
        shape[i] = json.get("shape").get(i).asLong();
      }
      return new Outputs.Tensor(floats(json.get("values")), shape);
    }

    private static List<Detection> detections(JsonNode frame) {
      return StreamSupport.stream(frame.spliterator(), false)
          .map(
              one ->
                  new Detection(
                      one.get(0).asText(),
                      one.get(1).floatValue(),
                      new Box(
                          one.get(2).floatValue(),
                          one.get(3).floatValue(),
                          one.get(4).floatValue(),
                          one.get(5).floatValue())))
          .toList();
    }
  }

  static JsonNode json(String name) throws IOException {
    return new ObjectMapper().readTree(FOLDER.resolve(name + ".json").toFile());
  }

  static float[] floats(JsonNode values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i).floatValue();
    }
    return floats;
  }

  /** Returns a detector of pictures of 96 x 64 pixels with the labels zero, one and two. */
  static DetectorCase of(String... lines) {
    Map<String, String> properties = new LinkedHashMap<>();
    for (String line : lines) {
      properties.put(line.split("=", 2)[0], line.split("=", 2)[1]);
    }
    return new DetectorCase(properties, 96, 64, List.of("zero", "one", "two"));
  }

  /** Returns the same with other labels. */
  DetectorCase withLabels(String... others) {
    return new DetectorCase(properties, width, height, List.of(others));
  }

  /** Returns the same with another line in its properties. */
  DetectorCase with(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(properties);
    more.put(key, value);
    return new DetectorCase(more, width, height, labels);
  }

  ModelSpec spec() {
    return new ModelSpec(
        new ModelSpec.Location("file:/models/x", new ModelSpec.ModelFile("x.pt", 1, ""), List.of()),
        new Export("fp32", "pytorch", "fp32"),
        "x",
        new ModelSpec.ModelInput(
            InputContract.UINT8_NHWC,
            width,
            height,
            null,
            Framing.USUAL,
            Channels.RGB,
            ModelSpec.Values.UNIT,
            0,
            0,
            0),
        new ModelSpec.ModelOutput("detection", new OutputProperties("x", properties), labels));
  }

  Postprocessor postprocessor() {
    return TaskTypes.of(spec()).postprocessor(spec(), 5);
  }
}
