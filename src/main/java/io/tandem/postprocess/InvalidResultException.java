package io.tandem.postprocess;

/** A model returned no valid result for one frame; its message becomes the row's {@code error}. */
public final class InvalidResultException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with the message of the row. */
  public InvalidResultException(String message) {
    super(message);
  }
}
