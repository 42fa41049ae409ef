package io.tandem.engine;

import io.tandem.conf.InputException;

/** Thrown if an engine does not exist, or cannot run in this JVM with the given options. */
public final class EngineOptionsException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message has the invalid value. */
  public EngineOptionsException(String message) {
    super(null, message, null);
  }
}
