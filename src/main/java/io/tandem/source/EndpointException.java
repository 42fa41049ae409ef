package io.tandem.source;

import io.tandem.conf.InputException;

/** An S3 endpoint at which no server listens. */
public final class EndpointException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, with the value. */
  public EndpointException(String message) {
    super(null, message, null);
  }

  /** Adds the cause. */
  public EndpointException(String message, Throwable cause) {
    super(null, message, cause);
  }
}
