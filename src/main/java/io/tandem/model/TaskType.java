package io.tandem.model;

/** What a model's outputs mean. */
public enum TaskType {
  /** The most probable of some classes. */
  CLASSIFICATION
}
