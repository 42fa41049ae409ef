package io.tandem.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The meaning of a model's outputs. */
public enum TaskType {
  /** The most probable of some classes. */
  CLASSIFICATION;

  /**
   * Returns the task type with a name.
   *
   * @param name as {@link #toString} returns it; null in runs from before there were several
   * @throws IllegalArgumentException if this version has no such task type
   */
  public static TaskType of(@Nullable String name) {
    return name == null ? CLASSIFICATION : valueOf(name.toUpperCase(Locale.ROOT));
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
