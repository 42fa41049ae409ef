package io.tandem.frame;

/** One frame cannot be read or decoded; its message becomes the row's {@code error}. */
public final class FrameException extends Exception {
  private static final long serialVersionUID = 1L;

  public FrameException(String message) {
    super(message);
  }

  public FrameException(String message, Throwable cause) {
    super(message, cause);
  }
}
