package io.tandem.frame;

/**
 * How a model's input maps to the picture that it was decoded from. Both have (0, 0) at the outer
 * corner of their first pixel, so that the middle of that pixel is (0.5, 0.5).
 *
 * @param width the source picture as it is stored, in pixels
 * @param height the same
 * @param orientation the EXIF orientation, 1 to 8; from 5 on the source's x axis is the model's y
 *     axis
 * @param scaleX source pixels along the source's x axis for each pixel of the model's input;
 *     negative if mirrored
 * @param scaleY the same along the source's y axis
 * @param offsetX the source's x of the model input's corner (0, 0)
 * @param offsetY the same for y
 */
public record Geometry(
    int width,
    int height,
    int orientation,
    double scaleX,
    double scaleY,
    double offsetX,
    double offsetY) {

  /** Returns the geometry of a picture that is as large as the model's input, and upright. */
  public static Geometry same(int width, int height) {
    return new Geometry(width, height, 1, 1, 1, 0, 0);
  }

  /** A point in a picture, in pixels from its first corner. */
  public record Point(double x, double y) {}

  /** Returns where a point of the source is in the model's input; the inverse of the next. */
  public Point toInput(double x, double y) {
    boolean turned = orientation >= 5;
    double alongX = (x - offsetX) / scaleX;
    double alongY = (y - offsetY) / scaleY;
    return new Point(turned ? alongY : alongX, turned ? alongX : alongY);
  }

  /** Returns where a point of the model's input is in the source; outside of it for a black bar. */
  public Point toSource(double x, double y) {
    boolean turned = orientation >= 5;
    return new Point(offsetX + scaleX * (turned ? y : x), offsetY + scaleY * (turned ? x : y));
  }
}
