package io.tandem.postprocess;

import io.tandem.model.OutputProperties;
import java.util.Locale;

/** What the four numbers of a box are. */
enum BoxFormat {
  /** Left, top, right, bottom. */
  XYXY,
  /** The middle, width, height. */
  CXCYWH,
  /** Left, top, width, height. */
  XYWH;

  /** Returns the format that a model's properties name. */
  static BoxFormat of(OutputProperties properties, BoxFormat otherwise) {
    return valueOf(
        properties
            .oneOf(
                "box.format", otherwise.name().toLowerCase(Locale.ROOT), "xyxy", "cxcywh", "xywh")
            .toUpperCase(Locale.ROOT));
  }

  /** Writes left, top, right and bottom of a box; in float32, as torchvision's box_convert. */
  void decode(Grid grid, int box, float[] into, int at) {
    float x = grid.at(box, 0);
    float y = grid.at(box, 1);
    float wide = grid.at(box, 2);
    float high = grid.at(box, 3);
    into[at] = this == CXCYWH ? x - 0.5f * wide : x;
    into[at + 1] = this == CXCYWH ? y - 0.5f * high : y;
    into[at + 2] = right(x, wide);
    into[at + 3] = right(y, high);
  }

  private float right(float x, float wide) {
    return switch (this) {
      case XYXY -> wide;
      case CXCYWH -> x + 0.5f * wide;
      case XYWH -> x + wide;
    };
  }
}
