package io.tandem.model;

/** The output format of a model: float32 [N, classes], of either kind. */
public enum OutputContract {
  LOGITS,
  PROBABILITIES;

  static OutputContract of(String name) {
    return switch (name) {
      case "logits" -> LOGITS;
      case "probabilities" -> PROBABILITIES;
      default ->
          throw new ModelException(
              "model.output", "a model's output is logits or probabilities, not: " + name);
    };
  }
}
