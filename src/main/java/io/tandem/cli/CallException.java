package io.tandem.cli;

import io.tandem.conf.InputException;

/** Options that do not go together, or arguments that a command cannot use. */
final class CallException extends InputException {
  private static final long serialVersionUID = 1L;

  CallException(String message) {
    super(null, message, null);
  }
}
