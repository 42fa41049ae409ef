package io.tandem.frame;

/** One frame cannot be read or decoded; its message becomes the row's {@code error}. */
public class FrameException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Creates the exception with the message of the row. */
  public FrameException(String message) {
    super(message);
  }

  /** Creates the exception with a message and a cause. */
  public FrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
