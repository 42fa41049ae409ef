package io.tandem.source;

import io.tandem.conf.InputException;

/** Thrown if frames, or a manifest of frames, do not exist or cannot be read. */
public final class FramesException extends InputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param key the settings key with the invalid value
   * @param message the error, with the value
   */
  public FramesException(String key, String message) {
    super(key, message, null);
  }

  /** Creates the exception with a cause. */
  public FramesException(String key, String message, Throwable cause) {
    super(key, message, cause);
  }
}
