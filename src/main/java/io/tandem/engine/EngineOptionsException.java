package io.tandem.engine;

import io.tandem.conf.InputException;

/** Options of an engine that this JVM cannot have, or an engine that does not exist. */
public final class EngineOptionsException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, with the value. */
  public EngineOptionsException(String message) {
    super(null, message, null);
  }
}
