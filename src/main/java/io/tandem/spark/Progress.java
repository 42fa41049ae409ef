package io.tandem.spark;

/** How a job tells a person that it is working. */
public interface Progress {
  /** A step that is worth a line of its own. */
  void say(String line);

  /**
   * Work that goes on.
   *
   * @param unit of what, in the plural
   */
  void at(long done, long total, String unit);

  /** The work that went on is over. */
  void done();
}
