package io.tandem.conf;

/**
 * A mistake in the call, told in one sentence: what is wrong, which value, what to do. Ends the
 * program with exit code 2 and without a stack trace; nothing has been written by then.
 */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }

  public UsageException(String message, Throwable cause) {
    super(message, cause);
  }
}
