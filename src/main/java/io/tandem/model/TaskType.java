package io.tandem.model;

/** The meaning of a model's outputs. */
public enum TaskType {
  /** The most probable of some classes. */
  CLASSIFICATION
}
