package io.tandem.trial;

/** Where a value lies, by 95 % confidence unless said otherwise. */
public record Interval(double low, double high) {
  public Interval {
    if (!(low <= high)) {
      throw new IllegalArgumentException(
          "an interval must not end before it starts: %s, %s".formatted(low, high));
    }
  }

  /** Whether the value lies in it, its ends included. */
  public boolean holds(double value) {
    return low <= value && value <= high;
  }

  /** How wide it is, as a share of the value that it is about. */
  double widthOf(double value) {
    return (high - low) / value;
  }
}
