package io.tandem.summary;

/**
 * A known answer, and what the instrument found: passed where it lies between {@code least} and
 * {@code most}.
 *
 * @param experiment the benchmark, by the name of its folder
 * @param what was measured
 */
public record Check(
    String experiment, String what, double known, double found, double least, double most) {

  static Check within(String experiment, String what, double known, double found, double by) {
    return new Check(experiment, what, known, found, known - by, known + by);
  }

  public boolean passed() {
    return least <= found && found <= most;
  }
}
