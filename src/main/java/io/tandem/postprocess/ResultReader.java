package io.tandem.postprocess;

/** Provides the column values of a result. */
public interface ResultReader {
  /**
   * Returns a value, of the type of the column.
   *
   * @param column the index of the column in {@link ResultTable#columns}
   */
  Object get(int column);
}
