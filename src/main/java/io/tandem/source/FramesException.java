package io.tandem.source;

import io.tandem.conf.InputException;

/** Frames, or a manifest of frames, that do not exist or cannot be read. */
public final class FramesException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Names the settings key with the wrong value, and says what is wrong with it. */
  public FramesException(String key, String message) {
    super(key, message, null);
  }

  /** Adds the cause. */
  public FramesException(String key, String message, Throwable cause) {
    super(key, message, cause);
  }
}
