package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelSpec;

/** One output [frames, boxes, 6] of a model that chooses its boxes itself: box, score, class. */
final class EndToEndBoxes implements BoxLayout {
  private static final int FIELDS = 6;

  private final DetectorOutputs find;
  private final PlainBoxes.Rule rule;

  EndToEndBoxes(ModelSpec model) {
    this.find = new DetectorOutputs(model);
    this.rule = PlainBoxes.Rule.of(model, BoxFormat.XYXY);
  }

  @Override
  public boolean isMultiLabel() {
    return false;
  }

  @Override
  public double overlap() {
    return 1;
  }

  @Override
  public CandidateBoxes of(Outputs outputs, int slot) {
    Outputs.Tensor all = outputs.pick(find.model().properties().get("output.name"));
    int boxes = DetectorOutputs.shape(all, "it returns", outputs.frames(), "boxes", "6")[0];
    Grid box = new Grid(all.values(), slot * boxes * FIELDS, FIELDS, 1);
    return new PlainBoxes(
        new CandidateBoxes.Scores(box.skip(4), boxes, 1, null), box, box.skip(5), rule, null);
  }
}
