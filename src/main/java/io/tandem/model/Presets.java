package io.tandem.model;

import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Usual values of a model's properties by the name of a preset; a line that is written wins. */
final class Presets {
  private static final String IMAGENET_MEAN = "0.485,0.456,0.406";
  private static final String IMAGENET_STD = "0.229,0.224,0.225";

  private static final Map<String, Map<String, String>> ALL =
      new TreeMap<>(
          Map.of(
              "torchvision-imagenet",
              imagenet("256/224"),
              "torchvision-imagenet-v2",
              imagenet("232/224"),
              "torchvision-retinanet",
              Map.ofEntries(
                  Map.entry("task", "detection"),
                  Map.entry("input", "float-nchw"),
                  Map.entry("fit", "letterbox"),
                  Map.entry("letterbox.value", "116"), // ImageNet's mean; torchvision's bars are 0.
                  Map.entry("scale", "1/255"),
                  Map.entry("mean", IMAGENET_MEAN),
                  Map.entry("std", IMAGENET_STD),
                  Map.entry("output.format", "anchors"),
                  Map.entry("output.boxes", "bbox_regression"),
                  Map.entry("output.scores", "cls_logits"),
                  Map.entry("threshold", "0.05"),
                  Map.entry("nms", "0.5"),
                  Map.entry("top-k", "300")),
              "yolo",
              Map.of(
                  "task", "detection",
                  "input", "float-nchw",
                  "width", "640",
                  "height", "640",
                  "fit", "letterbox",
                  "letterbox.value", "114",
                  "scale", "1/255",
                  "output.format", "yolo-transposed"),
              "superresolution",
              Map.of(
                  "task", "image",
                  "input", "float-nchw",
                  "fit", "none",
                  "scale", "1/255",
                  "output.range", "0..1")));

  private Presets() {}

  /**
   * Returns the values of torchvision's classifiers: most of their first weights resize to 256,
   * most of their second ones to 232.
   *
   * @param resize the shorter side for an input of this size
   */
  private static Map<String, String> imagenet(String resize) {
    return Map.of(
        "input", "float-nchw",
        "width", "224",
        "height", "224",
        "fit", "crop",
        "resize", resize,
        "scale", "1/255",
        "mean", IMAGENET_MEAN,
        "std", IMAGENET_STD,
        "output", "logits");
  }

  /**
   * Returns the values of a preset.
   *
   * @param name null for none
   * @throws ModelException if there is no such preset
   */
  static Map<String, String> of(@Nullable String name) {
    if (name == null) {
      return Map.of();
    }
    Map<String, String> values = ALL.get(name.strip());
    if (values == null) {
      throw new ModelException(
          "model.properties.preset",
          "a model's preset is one of %s, not: %s"
              .formatted(ALL.keySet().stream().collect(Collectors.joining(", ")), name));
    }
    return values;
  }
}
