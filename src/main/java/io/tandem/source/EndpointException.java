package io.tandem.source;

import io.tandem.conf.InputException;

/** Thrown if no server listens at an S3 endpoint. */
public final class EndpointException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception; the message has the endpoint. */
  public EndpointException(String message) {
    super(null, message, null);
  }

  /** Creates the exception with a cause. */
  public EndpointException(String message, Throwable cause) {
    super(null, message, cause);
  }
}
