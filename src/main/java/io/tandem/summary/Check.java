package io.tandem.summary;

/**
 * A known value, and the measured one: passed where that is between {@code least} and {@code most}.
 *
 * @param experiment the benchmark, by the name of its folder
 * @param what was measured
 */
public record Check(
    String experiment, String what, double known, double found, double least, double most) {

  /** Returns a check that allows a deviation of {@code by}. */
  static Check within(String experiment, String what, double known, double found, double by) {
    return new Check(experiment, what, known, found, known - by, known + by);
  }

  /** Returns whether the measured value is within the bounds. */
  public boolean passed() {
    return least <= found && found <= most;
  }
}
