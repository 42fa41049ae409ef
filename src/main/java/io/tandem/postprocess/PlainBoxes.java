package io.tandem.postprocess;

import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Boxes that a model gives as four numbers.
 *
 * @param labels the class of each box; null if each class has a score
 * @param mistake what is probably wrong with their layout; null if nothing is
 */
record PlainBoxes(
    Scores scores, Grid corners, @Nullable Grid labels, Rule rule, @Nullable String mistake)
    implements CandidateBoxes {
  /** The largest coordinate, in widths of the picture, that relative boxes may have. */
  private static final float RELATIVE = 2;

  /**
   * What the numbers are.
   *
   * @param scaleX what to multiply x by, to get pixels of the model's input
   * @param scaleY the same for y
   * @param names the labels of the classes; empty if they are not known
   */
  record Rule(BoxFormat format, float scaleX, float scaleY, List<String> names) {
    Rule {
      names = List.copyOf(names);
    }

    /**
     * Returns the rule of a model.
     *
     * @throws io.tandem.model.ModelException if a line of its properties is wrong
     */
    static Rule of(ModelSpec model, BoxFormat otherwise) {
      OutputProperties properties = model.properties();
      boolean relative =
          properties.oneOf("box.units", "pixels", "pixels", "relative").equals("relative");
      return new Rule(
          BoxFormat.of(properties, otherwise),
          relative ? model.width() : 1,
          relative ? model.height() : 1,
          model.labels());
    }

    boolean isRelative() {
      return scaleX != 1 || scaleY != 1;
    }
  }

  @Override
  public int label(int box, int column) {
    if (labels == null) {
      return column;
    }
    float label = labels.at(box, 0);
    if (!(label >= 0 && label == Math.rint(label))) {
      throw new InvalidResultException(
          String.format(Locale.ROOT, "the model returned %.4g as a label for this frame", label));
    }
    if (!rule.names.isEmpty() && label >= rule.names.size()) {
      throw new InvalidResultException(
          "the model returned label %.0f for this frame, but synset.txt has %d labels, from 0 to %d"
              .formatted(label, rule.names.size(), rule.names.size() - 1));
    }
    return (int) label;
  }

  @Override
  public void decode(int box, float[] into, int at) {
    rule.format.decode(corners, box, into, at);
    into[at] *= rule.scaleX;
    into[at + 1] *= rule.scaleY;
    into[at + 2] *= rule.scaleX;
    into[at + 3] *= rule.scaleY;
  }

  @Override
  public @Nullable String doubt() {
    return mistake == null ? wrongUnits() : mistake;
  }

  private @Nullable String wrongUnits() {
    float largest = 0;
    for (int box = 0; box < scores.boxes(); box++) {
      for (int i = 0; i < 4; i++) {
        largest = Math.max(largest, corners.at(box, i));
      }
    }
    if (rule.isRelative() ? largest <= 10 * RELATIVE : largest > RELATIVE || !(largest > 0)) {
      return null;
    }
    return String.format(
        Locale.ROOT,
        rule.isRelative()
            ? "the coordinates of a frame's boxes reach to %.3g, not to 1; if they are pixels of the model's input, write box.units=pixels into its serving.properties"
            : "the coordinates of a frame's boxes reach to %.3g pixels only; if they are shares of the picture, write box.units=relative into its serving.properties",
        largest);
  }
}
