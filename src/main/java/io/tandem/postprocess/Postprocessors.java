package io.tandem.postprocess;

import io.tandem.model.ModelSpec;
import io.tandem.model.TaskType;

/** The registry of task types. */
public final class Postprocessors {
  private Postprocessors() {}

  /**
   * Returns the postprocessor of a model's task type.
   *
   * @param topK the maximum number of labels of a classification result
   */
  public static Postprocessor of(ModelSpec model, int topK) {
    return switch (model.taskType()) {
      case CLASSIFICATION -> new Classification(model, topK);
    };
  }

  /** Returns what a table of predictions holds of the results of a task type. */
  public static ResultTable table(TaskType taskType) {
    return switch (taskType) {
      case CLASSIFICATION -> Classification.TABLE;
    };
  }
}
