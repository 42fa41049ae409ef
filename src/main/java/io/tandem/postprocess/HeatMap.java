package io.tandem.postprocess;

import io.tandem.engine.Outputs;
import io.tandem.model.ModelSpec;
import io.tandem.model.OutputProperties;

/**
 * Maps [frames, classes, rows, columns] of the scores of objects whose middle is in a cell, with
 * their sizes and the offsets of their middles [frames, 2, rows, columns], as CenterNet and
 * CenterFace have them.
 */
final class HeatMap implements BoxLayout {
  private final DetectorOutputs find;
  private final Rule rule;

  /**
   * What the numbers are.
   *
   * @param isExponential whether sizes are logarithms
   * @param heightFirst whether a height is before its width
   * @param yFirst whether the offset down is before that across
   * @param origin where offsets begin in a cell: 0 its corner, 0.5 its centre
   * @param peaksOnly whether only local maxima are objects
   */
  private record Rule(
      boolean isExponential, boolean heightFirst, boolean yFirst, float origin, boolean peaksOnly) {
    static Rule of(OutputProperties properties) {
      return new Rule(
          properties.flag("size.exp", false),
          properties.oneOf("size.order", "wh", "wh", "hw").equals("hw"),
          properties.oneOf("offset.order", "xy", "xy", "yx").equals("yx"),
          properties.oneOf("offset.from", "corner", "corner", "centre").equals("centre") ? 0.5f : 0,
          properties.flag("peaks", false));
    }
  }

  HeatMap(ModelSpec model) {
    this.find = new DetectorOutputs(model);
    this.rule = Rule.of(model.properties());
  }

  @Override
  public boolean isMultiLabel() {
    return true;
  }

  @Override
  public CandidateBoxes of(Outputs outputs, int slot) {
    int frames = outputs.frames();
    Outputs.Tensor heat = find.pick(outputs, "heatmap");
    int[] shape =
        DetectorOutputs.shape(heat, "its heat map is", frames, "classes", "rows", "columns");
    find.requireLabels(shape[0], "");
    int cells = shape[1] * shape[2];
    return new Cells(
        new CandidateBoxes.Scores(
            new Grid(heat.values(), slot * shape[0] * cells, 1, cells), cells, shape[0], null),
        pair(outputs, "size", slot, shape),
        pair(outputs, "offset", slot, shape),
        new Plane(shape[1], shape[2], stride(shape)),
        new Extent(find.model().width(), find.model().height()),
        rule);
  }

  private Grid pair(Outputs outputs, String role, int slot, int[] shape) {
    Outputs.Tensor tensor = find.pick(outputs, role);
    String rows = Integer.toString(shape[1]);
    String columns = Integer.toString(shape[2]);
    var unused =
        DetectorOutputs.shape(
            tensor, "its %s is".formatted(role), outputs.frames(), "2", rows, columns);
    int cells = shape[1] * shape[2];
    return new Grid(tensor.values(), slot * 2 * cells, 1, cells);
  }

  /**
   * Returns the pixels of a cell.
   *
   * @throws IllegalArgumentException if the cells do not cover the model's input
   */
  private int stride(int[] shape) {
    ModelSpec model = find.model();
    int covering = model.width() / Math.max(1, shape[2]);
    int stride = model.properties().integer("stride", Math.max(1, covering), 1, 1024);
    if (stride * shape[2] != model.width() || stride * shape[1] != model.height()) {
      throw new IllegalArgumentException(
          "its heat map has %d x %d cells, which with stride=%d are %d x %d pixels, not the %d x %d of its input; write the right stride=... into its serving.properties"
              .formatted(
                  shape[2],
                  shape[1],
                  stride,
                  stride * shape[2],
                  stride * shape[1],
                  model.width(),
                  model.height()));
    }
    return stride;
  }

  /** The cells of a map, and the pixels of each. */
  private record Plane(int rows, int columns, int stride) {}

  /** The cells of one frame as boxes, row by row. */
  private record Cells(
      Scores scores, Grid sizes, Grid offsets, Plane plane, Extent input, Rule rule)
      implements CandidateBoxes {
    /** Returns whether no cell around this one has a higher score. */
    @Override
    public boolean isPeak(int box, int column) {
      if (!rule.peaksOnly) {
        return true;
      }
      int row = box / plane.columns;
      int across = box % plane.columns;
      float own = scores.grid().at(box, column);
      for (int y = Math.max(0, row - 1); y <= Math.min(plane.rows - 1, row + 1); y++) {
        for (int x = Math.max(0, across - 1); x <= Math.min(plane.columns - 1, across + 1); x++) {
          if (scores.grid().at(y * plane.columns + x, column) > own) {
            return false;
          }
        }
      }
      return true;
    }

    @Override
    public void decode(int box, float[] into, int at) {
      int row = box / plane.columns;
      int across = box % plane.columns;
      float x = across + offsets.at(box, rule.yFirst ? 1 : 0) + rule.origin;
      float y = row + offsets.at(box, rule.yFirst ? 0 : 1) + rule.origin;
      float width = size(box, rule.heightFirst ? 1 : 0);
      float height = size(box, rule.heightFirst ? 0 : 1);
      input.write(into, at, x * plane.stride, y * plane.stride, width, height);
    }

    private float size(int box, int field) {
      float size = sizes.at(box, field);
      return (rule.isExponential ? (float) Math.exp(size) : size) * plane.stride;
    }
  }
}
