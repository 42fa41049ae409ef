package io.tandem.model;

import io.tandem.conf.UsageException;

/** What a model returns: float32 [N, classes], of either kind. */
public enum OutputContract {
  LOGITS,
  PROBABILITIES;

  static OutputContract of(String name) {
    return switch (name) {
      case "logits" -> LOGITS;
      case "probabilities" -> PROBABILITIES;
      default ->
          throw new UsageException("a model's output is logits or probabilities, not: " + name);
    };
  }
}
