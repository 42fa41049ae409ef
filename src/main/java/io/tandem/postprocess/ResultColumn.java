package io.tandem.postprocess;

import java.util.List;

/**
 * A column that a task type adds to the prediction rows.
 *
 * @param fields the fields of each element of a column of {@link Kind#ROWS}; otherwise empty
 */
public record ResultColumn(String name, Kind kind, List<ResultColumn> fields) {
  public ResultColumn {
    fields = List.copyOf(fields);
  }

  /** The kind of a column's values. */
  public enum Kind {
    /** A {@link String}. */
    TEXT,
    /** An {@link Integer}. */
    INT,
    /** A {@link Long}. */
    LONG,
    /** A {@link Float}. */
    FLOAT,
    /** An array of {@code float}. */
    FLOATS,
    /** An array of {@code int}. */
    INTS,
    /** An array of {@code byte}. */
    BYTES,
    /** A list of elements, each a list of the values of its fields; empty for a failed frame. */
    ROWS
  }

  /** Returns a column of single values. */
  public static ResultColumn of(String name, Kind kind) {
    return new ResultColumn(name, kind, List.of());
  }

  /** Returns a column of lists, whose elements have these fields. */
  public static ResultColumn rows(String name, ResultColumn... fields) {
    return new ResultColumn(name, Kind.ROWS, List.of(fields));
  }
}
