package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelException;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.util.List;

/** Where a detector's outputs have its scores and boxes. Thread-safe. */
interface BoxLayout {
  /** The names of the layouts. */
  List<String> FORMATS =
      List.of("boxes-scores", "yolo", "yolo-transposed", "end-to-end", "heatmap", "anchors");

  /**
   * Returns the boxes of one frame.
   *
   * @throws IllegalArgumentException if the outputs do not have this layout
   */
  CandidateBoxes of(Outputs outputs, int slot);

  /** Returns whether a box can have several labels, if the model's properties do not say so. */
  boolean isMultiLabel();

  /** Returns the activation of the scores, if the model's properties name none. */
  default String activation() {
    return "none";
  }

  /** Returns the overlap above which a box is suppressed, if the model's properties name none. */
  default double overlap() {
    return 0.45;
  }

  /**
   * Returns the layout that a model's properties name.
   *
   * @throws ModelException if a line is missing or wrong
   */
  static BoxLayout of(ModelSpec model) {
    OutputProperties properties = model.properties();
    if (properties.get("output.format") == null) {
      throw new ModelException(
          "model.properties.output.format",
          "the model at %s does not say how its outputs hold boxes; write output.format=%s into its serving.properties"
              .formatted(properties.path(), String.join(" or ", FORMATS)));
    }
    String format = properties.requiredOneOf("output.format", FORMATS.toArray(String[]::new));
    return switch (format) {
      case "boxes-scores" -> new BoxesAndScores(model);
      case "heatmap" -> new HeatMap(model);
      case "anchors" -> new AnchorBoxes(model);
      case "end-to-end" -> new EndToEndBoxes(model);
      default -> new YoloBoxes(model, format.equals("yolo-transposed"));
    };
  }
}
