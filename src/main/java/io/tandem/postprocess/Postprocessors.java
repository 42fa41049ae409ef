package io.tandem.postprocess;

import io.tandem.model.ModelSpec;
import java.util.List;

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

  /** Returns the columns of the results of every task type. */
  public static List<ResultColumn> columns() {
    return Classification.COLUMNS;
  }
}
