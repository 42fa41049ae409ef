package io.tandem.spark;

/** Shows the progress of a job. */
public interface Progress {
  /** Prints a line about a step. */
  void say(String line);

  /**
   * Shows how far the work is.
   *
   * @param unit the noun of what is counted, in the plural
   */
  void at(long done, long total, String unit);

  /** Ends the display of work, complete or not. */
  void done();
}
