package io.tandem.postprocess;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Provides the column values of a result. */
public interface ResultReader {
  /**
   * Returns a value, of the kind of the column; null if it has none.
   *
   * @param column the index of the column in {@link ResultTable#columns}
   */
  @Nullable Object get(int column);

  /**
   * Returns the content of a file of the run.
   *
   * @param path relative to the run folder
   * @throws IllegalStateException if the row belongs to no run
   */
  default byte[] file(String path) {
    throw new IllegalStateException("a row without a run has no file " + path);
  }

  /** Returns the elements of a column of {@link ResultColumn.Kind#ROWS}. */
  @SuppressWarnings("unchecked") // As the kind says.
  default List<List<Object>> rows(int column) {
    return (List<List<Object>>) Objects.requireNonNull(get(column));
  }
}
