package io.tandem.postprocess;

import java.io.Serializable;

/** A rectangle in pixels, from the outer corner of a picture's first pixel. */
public record Box(float left, float top, float right, float bottom) implements Serializable {
  /** Returns the intersection of two boxes as a share of their union, from 0 to 1. */
  public double overlap(Box other) {
    double width = Math.min(right, other.right) - (double) Math.max(left, other.left);
    double height = Math.min(bottom, other.bottom) - (double) Math.max(top, other.top);
    if (width <= 0 || height <= 0) {
      return 0;
    }
    return width * height / (area() + other.area() - width * height);
  }

  private double area() {
    return ((double) right - left) * ((double) bottom - top);
  }
}
