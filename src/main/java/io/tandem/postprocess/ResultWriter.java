package io.tandem.postprocess;

/** Takes the values of a result's columns. */
public interface ResultWriter {
  /**
   * Sets a value.
   *
   * @param column the place of the column in {@link Postprocessor#columns}
   * @param value of the type that the column has
   */
  void set(int column, Object value);
}
