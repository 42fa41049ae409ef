package io.tandem.conf;

import org.jspecify.annotations.Nullable;

/**
 * The caller's input is wrong. The message is one sentence: what is wrong, the value, what to do.
 * Each package has its own kinds; none of them knows the options of the command line.
 */
public abstract class InputException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final @Nullable String key;

  /**
   * Creates the exception.
   *
   * @param key the settings key that has the wrong value, such as "output.path"; null if none or
   *     not known
   */
  protected InputException(@Nullable String key, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.key = key;
  }

  /** Returns the settings key that has the wrong value; null if there is none, or not known. */
  public @Nullable String key() {
    return key;
  }
}
