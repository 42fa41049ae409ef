package io.tandem.run;

import io.tandem.conf.InputException;
import org.jspecify.annotations.Nullable;

/** Thrown if a run folder exists already, cannot be created, or holds no run. */
public final class RunFolderException extends InputException {
  private static final long serialVersionUID = 1L;

  /**
   * Creates the exception.
   *
   * @param key the settings key with the invalid value; null if there is none
   * @param message the error, with the value
   */
  public RunFolderException(@Nullable String key, String message) {
    super(key, message, null);
  }

  /** Creates the exception with a cause. */
  public RunFolderException(@Nullable String key, String message, Throwable cause) {
    super(key, message, cause);
  }
}
