package io.tandem.postprocess;

import io.tandem.model.ModelException;
import io.tandem.model.ModelSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The registry of task types. */
public final class TaskTypes {
  private static final List<TaskType> ALL =
      List.of(
          new ClassificationTask(),
          new ImageTask(),
          new DetectionTask(),
          new EmbeddingTask(),
          new TensorTask());

  private TaskTypes() {}

  /** Returns all task types. */
  public static List<TaskType> all() {
    return ALL;
  }

  /**
   * Returns the task type with a name.
   *
   * @param name null in runs from before there were several
   * @throws IllegalArgumentException if this version has no such task type
   */
  public static TaskType named(@Nullable String name) {
    return find(name == null ? ModelSpec.CLASSIFICATION : name)
        .orElseThrow(() -> new IllegalArgumentException("unknown task type " + name));
  }

  /**
   * Returns the task type of a model.
   *
   * @throws ModelException if there is none of this name
   */
  public static TaskType of(ModelSpec model) {
    return find(model.taskType())
        .orElseThrow(
            () ->
                new ModelException(
                    "model.task",
                    "a model's task is one of %s, not: %s"
                        .formatted(
                            ALL.stream().map(TaskType::name).collect(Collectors.joining(", ")),
                            model.taskType())));
  }

  private static Optional<TaskType> find(String name) {
    return ALL.stream().filter(type -> type.name().equals(name)).findFirst();
  }
}
