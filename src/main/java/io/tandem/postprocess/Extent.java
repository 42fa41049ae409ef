package io.tandem.postprocess;

/** The size of a model's input in pixels. */
record Extent(int width, int height) {
  /** Writes left, top, right and bottom of a box, without its parts outside of the input. */
  void write(float[] into, int at, float middleX, float middleY, float wide, float high) {
    into[at] = clip(middleX - 0.5f * wide, width);
    into[at + 1] = clip(middleY - 0.5f * high, height);
    into[at + 2] = clip(middleX + 0.5f * wide, width);
    into[at + 3] = clip(middleY + 0.5f * high, height);
  }

  private static float clip(float value, int most) {
    return Math.min(Math.max(value, 0), most);
  }
}
