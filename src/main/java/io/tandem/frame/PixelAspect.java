package io.tandem.frame;

/** The width of a picture's pixels, divided by their height. */
record PixelAspect(int num, int den) {
  static final PixelAspect SQUARE = new PixelAspect(1, 1);

  private static final int MOST = 100;

  /** Returns the ratio; that of squares if it is not known, or absurd. */
  static PixelAspect of(int num, int den) {
    boolean known = num > 0 && den > 0 && num / MOST <= den && den / MOST <= num;
    return known && num != den ? new PixelAspect(num, den) : SQUARE;
  }

  /** Returns the width of a picture that looks the same with square pixels. */
  int shownWidth(int width) {
    return num > den ? (int) Math.round(width * (double) num / den) : width;
  }

  /** Returns the height of a picture that looks the same with square pixels. */
  int shownHeight(int height) {
    return num < den ? (int) Math.round(height * (double) den / num) : height;
  }
}
