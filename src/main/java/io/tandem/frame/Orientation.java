package io.tandem.frame;

import java.nio.ByteBuffer;

/**
 * An EXIF orientation, 1 to 8: where a viewer shows the stored picture's pixels. Formula: EXIF
 * 2.32, tag 0x0112.
 */
record Orientation(int code) {
  static final Orientation UPRIGHT = new Orientation(1);

  Orientation {
    code = code >= 1 && code <= 8 ? code : 1;
  }

  /**
   * Returns the orientation of a display matrix: a stored (x, y) is shown at (a x + c y, b x + d
   * y), of which the signs matter. Upright if it neither turns by quarters nor mirrors. Source:
   * ISO/IEC 14496-12, 8.3.2.
   */
  static Orientation ofMatrix(int a, int b, int c, int d) {
    if (b == 0 && c == 0 && a != 0 && d != 0) {
      return new Orientation(a > 0 ? (d > 0 ? 1 : 4) : (d > 0 ? 2 : 3));
    }
    if (a == 0 && d == 0 && b != 0 && c != 0) {
      return new Orientation(b > 0 ? (c > 0 ? 5 : 6) : (c > 0 ? 8 : 7));
    }
    return UPRIGHT;
  }

  boolean isUpright() {
    return code == 1;
  }

  /** Returns whether the shown picture's width is the stored picture's height. */
  boolean isTurned() {
    return code >= 5;
  }

  /** Returns whether the stored picture's x axis runs backwards in the shown one. */
  boolean mirrorsX() {
    return code == 2 || code == 3 || code == 7 || code == 8;
  }

  /** Returns whether the stored picture's y axis runs backwards in the shown one. */
  boolean mirrorsY() {
    return code == 3 || code == 4 || code == 6 || code == 7;
  }

  /**
   * Copies stored rows to their positions in the shown picture.
   *
   * @param pixelBytes 3 for RGB, 1 for a plane
   * @param stored storedHeight rows of storedWidth pixels, {@code stride} bytes apart, from {@code
   *     storedAt}
   * @param shown the shown picture's pixel (0, 0) is at {@code at}, its rows {@code shownStride}
   *     bytes apart
   */
  void copy(
      int pixelBytes,
      ByteBuffer stored,
      int storedAt,
      int stride,
      int storedWidth,
      int storedHeight,
      ByteBuffer shown,
      int at,
      int shownStride) {
    if (isUpright()) {
      for (int y = 0; y < storedHeight; y++) {
        shown.put(at + y * shownStride, stored, storedAt + y * stride, pixelBytes * storedWidth);
      }
      return;
    }
    boolean mirrorX = mirrorsX();
    boolean mirrorY = mirrorsY();
    for (int y = 0; y < storedHeight; y++) {
      int v = mirrorY ? storedHeight - 1 - y : y;
      for (int x = 0; x < storedWidth; x++) {
        int u = mirrorX ? storedWidth - 1 - x : x;
        int row = isTurned() ? u : v;
        int column = isTurned() ? v : u;
        shown.put(
            at + row * shownStride + pixelBytes * column,
            stored,
            storedAt + y * stride + pixelBytes * x,
            pixelBytes);
      }
    }
  }
}
