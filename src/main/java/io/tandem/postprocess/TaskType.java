package io.tandem.postprocess;

import io.tandem.model.ModelSpec;

/**
 * What a model's outputs mean. A task type is one class that implements this, and a line of {@link
 * TaskTypes}. Thread-safe.
 */
public interface TaskType extends ResultTable {
  /** Returns the name in {@code serving.properties} and in a run's record. */
  String name();

  /** Returns whether its results name labels. */
  default boolean hasLabels() {
    return false;
  }

  /** Returns which results a benchmark keeps. */
  default Recording recording() {
    return Recording.FIRST_PASS;
  }

  /**
   * Returns the postprocessor of a model of this type.
   *
   * @param topK the maximum number of labels of a classification result
   * @throws io.tandem.model.ModelException if a line of its properties is missing or wrong
   */
  Postprocessor postprocessor(ModelSpec model, int topK);
}
