package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelException;
import io.tandem.model.ModelSpec;
import java.util.List;

/**
 * Boxes [frames, anchors, 4] as changes of anchors [anchors, 4], which are left, top, right and
 * bottom in pixels, and scores [frames, anchors, classes]: the heads of torchvision's detectors.
 */
final class AnchorBoxes implements BoxLayout {
  /** The largest logarithm of a change of size, as in torchvision's BoxCoder. */
  private static final float MOST = (float) Math.log(1000.0 / 16);

  private final DetectorOutputs find;
  private final List<Float> weights;

  AnchorBoxes(ModelSpec model) {
    this.find = new DetectorOutputs(model);
    this.weights = weights(model.properties().list("box.weights"));
  }

  private static List<Float> weights(List<String> given) {
    if (given.isEmpty()) {
      return List.of(1f, 1f, 1f, 1f);
    }
    try {
      List<Float> weights = given.stream().map(Float::valueOf).toList();
      if (weights.size() == 4 && weights.stream().allMatch(w -> w > 0 && w < 1e6f)) {
        return weights;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new ModelException(
        "model.properties.box.weights",
        "a model's box.weights are four numbers above 0, for x, y, width and height, not: "
            + String.join(",", given));
  }

  @Override
  public boolean isMultiLabel() {
    return true;
  }

  @Override
  public String activation() {
    return "sigmoid";
  }

  @Override
  public CandidateBoxes of(Outputs outputs, int slot) {
    int frames = outputs.frames();
    Outputs.Tensor changes = find.pick(outputs, "boxes");
    int boxes = DetectorOutputs.shape(changes, "its boxes are", frames, "anchors", "4")[0];
    Outputs.Tensor scores = find.pick(outputs, "scores");
    int[] sizes = DetectorOutputs.shape(scores, "its scores are", frames, "anchors", "classes");
    DetectorOutputs.requireSame("boxes", boxes, "scores", sizes[0]);
    find.requireLabels(sizes[1], "");
    return new Changes(
        new CandidateBoxes.Scores(
            new Grid(scores.values(), slot * boxes * sizes[1], sizes[1], 1), boxes, sizes[1], null),
        new Grid(changes.values(), slot * boxes * 4, 4, 1),
        anchors(outputs, slot, boxes),
        weights,
        new Extent(find.model().width(), find.model().height()));
  }

  /** Returns the anchors of a frame; all frames may have the same. */
  private Grid anchors(Outputs outputs, int slot, int boxes) {
    Outputs.Tensor anchors = find.pick(outputs, "anchors");
    boolean areForAll = anchors.shape().length == 2;
    int found =
        DetectorOutputs.shape(
            anchors, "its anchors are", areForAll ? 1 : outputs.frames(), "anchors", "4")[0];
    DetectorOutputs.requireSame("boxes", boxes, "anchors", found);
    return new Grid(anchors.values(), areForAll ? 0 : slot * boxes * 4, 4, 1);
  }

  /** The boxes of one frame: for each anchor dx, dy, dw, dh. */
  private record Changes(
      Scores scores, Grid changes, Grid anchors, List<Float> weights, Extent input)
      implements CandidateBoxes {
    @Override
    public void decode(int box, float[] into, int at) {
      float wide = anchors.at(box, 2) - anchors.at(box, 0);
      float high = anchors.at(box, 3) - anchors.at(box, 1);
      float x = anchors.at(box, 0) + 0.5f * wide;
      float y = anchors.at(box, 1) + 0.5f * high;
      input.write(
          into,
          at,
          change(box, 0) * wide + x,
          change(box, 1) * high + y,
          (float) Math.exp(Math.min(change(box, 2), MOST)) * wide,
          (float) Math.exp(Math.min(change(box, 3), MOST)) * high);
    }

    private float change(int box, int field) {
      return changes.at(box, field) / weights.get(field);
    }
  }
}
