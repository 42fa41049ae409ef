package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelSpec;

/**
 * One output of YOLO's kind: the box, perhaps its objectness, and the score of each class; [frames,
 * boxes, values] or transposed.
 */
final class YoloBoxes implements BoxLayout {
  private final DetectorOutputs find;
  private final PlainBoxes.Rule rule;
  private final boolean isTransposed;
  private final boolean hasObjectness;

  YoloBoxes(ModelSpec model, boolean isTransposed) {
    this.find = new DetectorOutputs(model);
    this.rule = PlainBoxes.Rule.of(model, BoxFormat.CXCYWH);
    this.isTransposed = isTransposed;
    this.hasObjectness = model.properties().flag("objectness", false);
  }

  @Override
  public boolean isMultiLabel() {
    return false;
  }

  @Override
  public CandidateBoxes of(Outputs outputs, int slot) {
    Outputs.Tensor all = outputs.pick(find.model().properties().get("output.name"));
    String values = hasObjectness ? "5 + classes" : "4 + classes";
    int[] shape =
        isTransposed
            ? DetectorOutputs.shape(all, "it returns", outputs.frames(), values, "boxes")
            : DetectorOutputs.shape(all, "it returns", outputs.frames(), "boxes", values);
    int boxes = shape[isTransposed ? 1 : 0];
    int fields = shape[isTransposed ? 0 : 1];
    int before = hasObjectness ? 5 : 4;
    int classes = fields - before;
    find.requireLabels(classes, remedy(boxes, fields));
    Grid box =
        isTransposed
            ? new Grid(all.values(), slot * boxes * fields, 1, boxes)
            : new Grid(all.values(), slot * boxes * fields, fields, 1);
    return new PlainBoxes(
        new CandidateBoxes.Scores(
            box.skip(before), boxes, classes, hasObjectness ? box.skip(4) : null),
        box,
        null,
        rule,
        find.model().labels().isEmpty() && classes > boxes ? transposition(boxes, classes) : null);
  }

  /** Returns what to write if the number of classes is not that of the labels. */
  private String remedy(int boxes, int fields) {
    int labels = find.model().labels().size();
    if (fields - 4 == labels) {
      return "; if no value before the classes is an objectness, omit objectness=true from its serving.properties";
    }
    if (fields - 5 == labels) {
      return "; if the fifth value of a box is its objectness, as YOLOv5's, write objectness=true into its serving.properties";
    }
    return boxes - 4 == labels || boxes - 5 == labels || fields < 5 ? "; " + otherLayout() : "";
  }

  private String transposition(int boxes, int classes) {
    return "it returns %d boxes with %d classes each; %s".formatted(boxes, classes, otherLayout());
  }

  private String otherLayout() {
    return isTransposed
        ? "if its output is [frames, boxes, 4 + classes], write output.format=yolo into its serving.properties"
        : "if its output is [frames, 4 + classes, boxes], write output.format=yolo-transposed into its serving.properties";
  }
}
