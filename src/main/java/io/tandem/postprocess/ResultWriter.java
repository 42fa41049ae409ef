package io.tandem.postprocess;

/** Receives the column values of a result. */
public interface ResultWriter {
  /**
   * Sets a value.
   *
   * @param column the index of the column in {@link ResultTable#columns}
   * @param value the value, of the kind of the column
   */
  void set(int column, Object value);
}
