package io.tandem.postprocess;

import io.tandem.model.ModelSpec;
import java.util.List;
import java.util.Objects;

/** Detection: a table of objects with their labels, scores and boxes. */
final class DetectionTask implements TaskType {
  /** The overlap from which a box is the baseline's. */
  private static final double SAME_BOX = 0.9;

  private static final int FOUND = 0;
  private static final int FLOOR = 2;

  private static final List<ResultColumn> COLUMNS =
      List.of(
          ResultColumn.rows(
              "detections",
              ResultColumn.of("label", ResultColumn.Kind.TEXT),
              ResultColumn.of("score", ResultColumn.Kind.FLOAT),
              ResultColumn.of("left", ResultColumn.Kind.FLOAT),
              ResultColumn.of("top", ResultColumn.Kind.FLOAT),
              ResultColumn.of("right", ResultColumn.Kind.FLOAT),
              ResultColumn.of("bottom", ResultColumn.Kind.FLOAT)),
          ResultColumn.of("detection_count", ResultColumn.Kind.INT),
          ResultColumn.of("score_floor", ResultColumn.Kind.FLOAT));

  @Override
  public String name() {
    return "detection";
  }

  @Override
  public boolean hasLabels() {
    return true;
  }

  /** Returns the postprocessor of a detector, whose own {@code top-k} limits its boxes. */
  @Override
  public Postprocessor postprocessor(ModelSpec model, int topK) {
    return new Detector(model);
  }

  @Override
  public List<ResultColumn> columns() {
    return COLUMNS;
  }

  @Override
  public Detections read(ResultReader row) {
    return new Detections(
        row.rows(FOUND).stream().map(DetectionTask::detection).toList(),
        (Float) Objects.requireNonNull(row.get(FLOOR)));
  }

  private static Detection detection(List<Object> cells) {
    return new Detection(
        (String) cells.get(0),
        (Float) cells.get(1),
        new Box(
            (Float) cells.get(2),
            (Float) cells.get(3),
            (Float) cells.get(4),
            (Float) cells.get(5)));
  }

  /**
   * Compares the boxes of a frame, in pairs of the same label: first the two that overlap most.
   *
   * <p>They are the same if every box of either result has an overlap (IoU) of at least 0.9 with
   * its partner. A box without such a partner decides this only if its score is more than {@code
   * tie} above the floors of both results: otherwise the other result may have left it out by a
   * hair, and the rule cannot tell.
   *
   * <p>The difference is 1 less the smallest overlap of a pair, so that a whole run's largest
   * difference bounds each of its pairs. Boxes that overlap by less than 0.5 are no pair: one of
   * them is missing, which is no numeric difference. Null without a pair.
   */
  @Override
  public ResultAgreement agreement(Result result, Result baseline, double tie) {
    Detections own = (Detections) result;
    Detections base = (Detections) baseline;
    BoxPairs pairs = BoxPairs.of(own.found(), base.found());
    double decided = Math.max(own.floor(), base.floor()) + tie;
    boolean differs =
        anyAlone(own.found(), pairs.ofFirst(), decided)
            || anyAlone(base.found(), pairs.ofSecond(), decided);
    boolean undecided =
        anyAlone(own.found(), pairs.ofFirst(), 0) || anyAlone(base.found(), pairs.ofSecond(), 0);
    double least = pairs.least();
    return new ResultAgreement(
        differs ? Boolean.FALSE : undecided ? null : Boolean.TRUE,
        Double.isNaN(least) ? null : 1 - least);
  }

  /** Returns whether a box with a score above this has no partner that is the same box. */
  private static boolean anyAlone(List<Detection> found, double[] overlaps, double above) {
    for (int i = 0; i < overlaps.length; i++) {
      if (overlaps[i] < SAME_BOX && found.get(i).score() > above) {
        return true;
      }
    }
    return false;
  }
}
