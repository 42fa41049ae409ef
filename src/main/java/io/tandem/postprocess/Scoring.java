package io.tandem.postprocess;

import io.tandem.model.OutputProperties;
import io.tandem.postprocess.CandidateBoxes.Scores;
import java.util.Locale;

/**
 * Finds the candidates of a frame: the scores above the threshold, which are few of many. Compares
 * the values as they are; only those that may be above the threshold get their activation.
 */
final class Scoring {
  /** Above the rounding of half precision. */
  private static final float ROUNDING = 1e-3f;

  private final Activation activation;
  private final float threshold;
  private final Background background;

  /** Values of at most this, and of at least the second, are no candidates. */
  private final float quiet;

  private final float smallest;

  private enum Activation {
    NONE,
    SIGMOID,
    SOFTMAX
  }

  private enum Background {
    NONE,
    FIRST,
    LAST
  }

  /**
   * Creates the scoring of a model.
   *
   * @param activation the one that its scores need if its properties name none
   * @throws io.tandem.model.ModelException if a line of its properties is wrong
   */
  Scoring(OutputProperties properties, String activation) {
    this.activation =
        Activation.valueOf(
            upper(properties.oneOf("scores.activation", activation, "none", "sigmoid", "softmax")));
    this.background =
        Background.valueOf(upper(properties.oneOf("background", "none", "none", "first", "last")));
    this.threshold = (float) properties.number("threshold", 0.25, 0, 1);
    double logit = Math.log(threshold / (1 - (double) threshold));
    // A little lower, so that rounding decides nothing here.
    this.quiet = this.activation == Activation.NONE ? threshold : (float) (logit - 0.01);
    this.smallest = this.activation == Activation.NONE ? -ROUNDING : Float.NEGATIVE_INFINITY;
  }

  private static String upper(String name) {
    return name.toUpperCase(Locale.ROOT);
  }

  /** Returns the score above which a box is a candidate. */
  float threshold() {
    return threshold;
  }

  /**
   * Adds the candidates of a frame.
   *
   * @throws InvalidResultException if a score is not finite, or no probability
   */
  void collect(CandidateBoxes boxes, Candidates into) {
    if (activation == Activation.SOFTMAX) {
      collectSoftmax(boxes, into);
    } else if (boxes.scores().objectness() != null) {
      collectWithObjectness(boxes, boxes.scores().objectness(), into);
    } else {
      collectEach(boxes, into);
    }
  }

  /** Goes through the scores in the order of their memory. */
  private void collectEach(CandidateBoxes boxes, Candidates into) {
    Scores scores = boxes.scores();
    Grid grid = scores.grid();
    int first = first();
    int columns = last(scores) - first;
    if (grid.boxStep() >= grid.fieldStep()) {
      for (int box = 0; box < scores.boxes(); box++) {
        int from = grid.from() + box * grid.boxStep() + first * grid.fieldStep();
        int at = next(grid.values(), from, grid.fieldStep(), 0, columns);
        while (at < columns) {
          add(boxes, box, first + at, score(grid.at(box, first + at)), into);
          at = next(grid.values(), from, grid.fieldStep(), at + 1, columns);
        }
      }
      return;
    }
    for (int column = first; column < first + columns; column++) {
      int from = grid.from() + column * grid.fieldStep();
      int at = next(grid.values(), from, grid.boxStep(), 0, scores.boxes());
      while (at < scores.boxes()) {
        add(boxes, at, column, score(grid.at(at, column)), into);
        at = next(grid.values(), from, grid.boxStep(), at + 1, scores.boxes());
      }
    }
  }

  /** Returns the index of the next value that may be above the threshold, or is none. */
  private int next(float[] values, int from, int step, int start, int end) {
    for (int i = start; i < end; i++) {
      float value = values[from + i * step];
      if (!(value <= quiet && value >= smallest)) {
        return i;
      }
    }
    return end;
  }

  private void collectWithObjectness(CandidateBoxes boxes, Grid objectness, Candidates into) {
    Scores scores = boxes.scores();
    for (int box = 0; box < scores.boxes(); box++) {
      float object = score(objectness.at(box, 0));
      if (object > threshold) {
        for (int column = first(); column < last(scores); column++) {
          add(boxes, box, column, object * score(scores.grid().at(box, column)), into);
        }
      }
    }
  }

  private void collectSoftmax(CandidateBoxes boxes, Candidates into) {
    Scores scores = boxes.scores();
    double distance = Math.log(threshold) - 0.01;
    for (int box = 0; box < scores.boxes(); box++) {
      float largest = Float.NEGATIVE_INFINITY;
      float best = Float.NEGATIVE_INFINITY;
      for (int column = 0; column < scores.classes(); column++) {
        float value = requireLogit(scores.grid().at(box, column));
        largest = Math.max(largest, value);
        best = column < first() || column >= last(scores) ? best : Math.max(best, value);
      }
      float object = scores.objectness() == null ? 1 : sigmoid(scores.objectness().at(box, 0));
      if (best - largest > distance && object > threshold) {
        addSoftmax(boxes, box, largest, object, into);
      }
    }
  }

  private void addSoftmax(
      CandidateBoxes boxes, int box, float largest, float object, Candidates into) {
    Scores scores = boxes.scores();
    float sum = 0;
    for (int column = 0; column < scores.classes(); column++) {
      sum += (float) Math.exp(scores.grid().at(box, column) - largest);
    }
    for (int column = first(); column < last(scores); column++) {
      float score = (float) Math.exp(scores.grid().at(box, column) - largest) / sum;
      add(boxes, box, column, object * score, into);
    }
  }

  private void add(CandidateBoxes boxes, int box, int column, float score, Candidates into) {
    if (score > threshold && boxes.isPeak(box, column)) {
      into.add(score, box, column);
    }
  }

  /** Returns the first class that is an object. */
  private int first() {
    return background == Background.FIRST ? 1 : 0;
  }

  /** Returns the end of the classes that are objects. */
  private int last(Scores scores) {
    return scores.classes() - (background == Background.LAST ? 1 : 0);
  }

  private float score(float value) {
    return activation == Activation.NONE ? requireProbability(value) : sigmoid(value);
  }

  private static float sigmoid(float value) {
    return (float) (1 / (1 + Math.exp(-requireLogit(value))));
  }

  private static float requireLogit(float value) {
    if (value < Float.POSITIVE_INFINITY) { // Not for NaN; -Infinity is a score that was masked.
      return value;
    }
    throw notFinite("a score", value);
  }

  private static float requireProbability(float value) {
    if (!Float.isFinite(value)) {
      throw notFinite("a score", value);
    }
    if (value < -ROUNDING || value > 1 + ROUNDING) {
      throw new InvalidResultException(
          String.format(
              Locale.ROOT,
              "the model returned %.4g as a score; if it returns logits, write scores.activation=sigmoid or softmax into its serving.properties",
              value));
    }
    return value;
  }

  static InvalidResultException notFinite(String what, float value) {
    return new InvalidResultException(
        "the model returned %s as %s for this frame"
            .formatted(Float.isNaN(value) ? "NaN" : value, what));
  }

  /**
   * Checks finite scores.
   *
   * @throws InvalidResultException if one contradicts the model's properties
   */
  void requireRange(Scores scores) {
    if (activation != Activation.NONE) {
      return;
    }
    for (int box = 0; box < scores.boxes(); box++) {
      for (int column = 0; column < scores.classes(); column++) {
        float value = scores.grid().at(box, column);
        if (Float.isFinite(value)) {
          var unused = requireProbability(value);
        }
      }
    }
  }
}
