package io.tandem.spark;

/** What made a job fail: Spark wraps it in the exceptions of its stages and tasks. */
public final class Causes {
  private Causes() {}

  /** The innermost one. */
  public static Throwable root(Throwable failure) {
    Throwable cause = failure;
    while (cause.getCause() != null && cause.getCause() != cause) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** What it says, without the lines of a trace; its type where it says nothing. */
  public static String firstLine(Throwable cause) {
    String text = String.valueOf(cause.getMessage() == null ? cause : cause.getMessage()).strip();
    return text.lines().findFirst().orElse(text);
  }
}
