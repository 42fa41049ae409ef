package io.tandem.trial;

/** Confidence interval of a value, of 95 % unless stated otherwise. */
public record Interval(double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "an interval must not end before it starts: %s, %s".formatted(low, high));
    }
  }

  /** Returns whether the interval contains the value, bounds included. */
  public boolean holds(double value) {
    return low <= value && value <= high;
  }

  /** Returns the width relative to the value. */
  double widthOf(double value) {
    return (high - low) / value;
  }
}
