package io.tandem.model;

import org.jspecify.annotations.Nullable;

/** A model cannot be loaded, or fails on a batch: the task fails with this. */
public final class PredictionException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the cause may be null. */
  public PredictionException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
