package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.frame.Geometry;
import io.tandem.model.ModelException;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Detects objects: takes the scores above the threshold, decodes their boxes, suppresses those that
 * overlap a better one of the same label, and maps the rest to the source picture.
 */
final class Detector implements Postprocessor {
  private final ModelSpec model;
  private final BoxLayout layout;
  private final Scoring scoring;
  private final Limits limits;

  /**
   * Bounds of what is kept.
   *
   * @param isMultiLabel whether a box may have several labels
   * @param candidates the number of candidates that are decoded, the best ones
   * @param overlap the overlap (IoU) above which a box is suppressed
   * @param topK the number of detections of a frame
   */
  private record Limits(boolean isMultiLabel, int candidates, double overlap, int topK) {
    static Limits of(OutputProperties properties, BoxLayout layout) {
      return new Limits(
          properties.flag("multi-label", layout.isMultiLabel()),
          properties.integer("candidates", 1000, 1, 100_000),
          properties.number("nms", layout.overlap(), 0, 1),
          properties.integer("top-k", 100, 1, 100_000));
    }
  }

  /**
   * Creates the postprocessor of a model.
   *
   * @throws ModelException if a line of its properties is missing or wrong
   */
  Detector(ModelSpec model) {
    if (model.keepsSizes()) {
      throw new ModelException(
          "model.properties.fit",
          "a detector takes frames of one size; write width=..., height=... and fit=letterbox in the place of fit=none into the serving.properties of the model at %s"
              .formatted(model.properties().path()));
    }
    this.model = model;
    this.layout = BoxLayout.of(model);
    this.scoring = new Scoring(model.properties(), layout.activation());
    this.limits = Limits.of(model.properties(), layout);
  }

  @Override
  public Detections apply(Outputs outputs, int slot, Geometry geometry) {
    CandidateBoxes boxes = layout.of(outputs, slot);
    Candidates candidates =
        new Candidates(limits.candidates, boxes.scores().classes(), limits.isMultiLabel);
    scoring.collect(boxes, candidates);
    candidates.sort();
    int[] labels = new int[candidates.size()];
    float[] decoded = new float[4 * candidates.size()];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = boxes.label(candidates.box(i), candidates.column(i));
      boxes.decode(candidates.box(i), decoded, 4 * i);
      requireFinite(decoded, 4 * i);
    }
    return detections(candidates, labels, decoded, geometry);
  }

  private Detections detections(
      Candidates candidates, int[] labels, float[] decoded, Geometry geometry) {
    List<Detection> found = new ArrayList<>();
    float floor = Math.max(scoring.threshold(), candidates.bestLeftOut());
    for (int i : Suppression.kept(decoded, labels, limits.overlap)) {
      Box box = source(decoded, 4 * i, geometry);
      if (box == null) {
        continue;
      }
      if (found.size() == limits.topK) {
        floor = Math.max(floor, candidates.score(i));
        break;
      }
      found.add(new Detection(model.label(labels[i]), candidates.score(i), box));
    }
    return new Detections(found, floor);
  }

  private static void requireFinite(float[] boxes, int from) {
    for (int i = from; i < from + 4; i++) {
      if (!Float.isFinite(boxes[i])) {
        throw Scoring.notFinite("a corner of a box", boxes[i]);
      }
    }
  }

  /** Returns a box in the source picture; null if nothing of it is in the picture. */
  private static @Nullable Box source(float[] boxes, int at, Geometry geometry) {
    if (boxes[at + 2] <= boxes[at] || boxes[at + 3] <= boxes[at + 1]) {
      return null;
    }
    Geometry.Point one = geometry.toSource(boxes[at], boxes[at + 1]);
    Geometry.Point other = geometry.toSource(boxes[at + 2], boxes[at + 3]);
    float left = clip(Math.min(one.x(), other.x()), geometry.width());
    float top = clip(Math.min(one.y(), other.y()), geometry.height());
    float right = clip(Math.max(one.x(), other.x()), geometry.width());
    float bottom = clip(Math.max(one.y(), other.y()), geometry.height());
    return right > left && bottom > top ? new Box(left, top, right, bottom) : null;
  }

  private static float clip(double value, int most) {
    return (float) Math.min(Math.max(value, 0), most);
  }

  @Override
  public @Nullable String doubt(Outputs outputs, int slot) {
    CandidateBoxes boxes = layout.of(outputs, slot);
    scoring.requireRange(boxes.scores());
    return boxes.doubt();
  }
}
