package io.tandem.postprocess;

/** A column that a task type adds to the prediction rows. */
public record ResultColumn(String name, Type type) {
  /** The type of a column's values. */
  public enum Type {
    /** A {@link String}. */
    TEXT,
    /** A {@link Float}. */
    FLOAT,
    /** A list of {@link Prediction}. */
    LABELS
  }
}
