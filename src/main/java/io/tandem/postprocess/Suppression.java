package io.tandem.postprocess;

import java.util.Arrays;

/** Non-maximum suppression among the boxes of each label, as torchvision's batched_nms. */
final class Suppression {
  private Suppression() {}

  /**
   * Returns the indices of the boxes that no better one of their label suppresses, best first.
   *
   * @param boxes left, top, right and bottom of each, best first
   * @param labels the class of each
   * @param most the overlap (IoU) above which a box is suppressed; 1: none is
   */
  static int[] kept(float[] boxes, int[] labels, double most) {
    int[] kept = new int[labels.length];
    float[] areas = new float[labels.length];
    int count = 0;
    for (int i = 0; i < labels.length; i++) {
      areas[i] = (boxes[4 * i + 2] - boxes[4 * i]) * (boxes[4 * i + 3] - boxes[4 * i + 1]);
      int better = 0;
      while (better < count
          && (labels[kept[better]] != labels[i]
              || !(overlap(boxes, areas, kept[better], i) > most))) {
        better++;
      }
      if (better == count) {
        kept[count++] = i;
      }
    }
    return Arrays.copyOf(kept, count);
  }

  /** Returns the overlap of two boxes in float32, in torchvision's order of operations. */
  private static float overlap(float[] boxes, float[] areas, int i, int j) {
    float left = Math.max(boxes[4 * i], boxes[4 * j]);
    float top = Math.max(boxes[4 * i + 1], boxes[4 * j + 1]);
    float right = Math.min(boxes[4 * i + 2], boxes[4 * j + 2]);
    float bottom = Math.min(boxes[4 * i + 3], boxes[4 * j + 3]);
    float shared = Math.max(0, right - left) * Math.max(0, bottom - top);
    return shared / (areas[i] + areas[j] - shared);
  }
}
