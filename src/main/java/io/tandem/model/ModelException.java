package io.tandem.model;

import io.tandem.conf.InputException;

/** A model folder that is missing, incomplete, or not what the settings ask for. */
public final class ModelException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Names the settings key with the wrong value, and says what is wrong with it. */
  public ModelException(String key, String message) {
    super(key, message, null);
  }

  /** Adds the cause. */
  public ModelException(String key, String message, Throwable cause) {
    super(key, message, cause);
  }
}
