package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelSpec;

/**
 * Boxes [frames, boxes, 4] and scores [frames, boxes, classes], or scores [frames, boxes] and the
 * classes [frames, boxes] that they are for.
 */
final class BoxesAndScores implements BoxLayout {
  private final DetectorOutputs find;
  private final PlainBoxes.Rule rule;

  BoxesAndScores(ModelSpec model) {
    this.find = new DetectorOutputs(model);
    this.rule = PlainBoxes.Rule.of(model, BoxFormat.XYXY);
  }

  @Override
  public boolean isMultiLabel() {
    return false;
  }

  @Override
  public CandidateBoxes of(Outputs outputs, int slot) {
    int frames = outputs.frames();
    Outputs.Tensor corners = find.pick(outputs, "boxes");
    int boxes = DetectorOutputs.shape(corners, "its boxes are", frames, "boxes", "4")[0];
    Outputs.Tensor scores = find.pick(outputs, "scores");
    Outputs.Tensor labels = find.find(outputs, "labels");
    int classes = labels == null ? classes(scores, frames, boxes, corners.shape().length) : 1;
    if (labels != null) {
      requireOneEach(scores, "scores", frames, boxes);
      requireOneEach(labels, "labels", frames, boxes);
    } else {
      find.requireLabels(
          classes,
          classes == 1
              ? "; if another output has the classes of the boxes, write output.labels=... into its serving.properties"
              : "");
    }
    return new PlainBoxes(
        new CandidateBoxes.Scores(
            new Grid(scores.values(), slot * boxes * classes, classes, 1), boxes, classes, null),
        new Grid(corners.values(), slot * boxes * 4, 4, 1),
        labels == null ? null : new Grid(labels.values(), slot * boxes, 1, 0),
        rule,
        null);
  }

  /**
   * Returns the number of classes; scores that lack this dimension are of one class.
   *
   * @param dimensions the number of the scores' dimensions if they have it
   */
  private static int classes(Outputs.Tensor scores, int frames, int boxes, int dimensions) {
    if (scores.shape().length < dimensions) {
      requireOneEach(scores, "scores", frames, boxes);
      return 1;
    }
    int[] sizes = DetectorOutputs.shape(scores, "its scores are", frames, "boxes", "classes");
    DetectorOutputs.requireSame("boxes", boxes, "scores", sizes[0]);
    return sizes[1];
  }

  private static void requireOneEach(Outputs.Tensor tensor, String what, int frames, int boxes) {
    int found = DetectorOutputs.shape(tensor, "its " + what + " are", frames, "boxes")[0];
    DetectorOutputs.requireSame("boxes", boxes, what, found);
  }
}
