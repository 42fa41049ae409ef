package io.tandem.run;

import io.tandem.conf.InputException;
import org.jspecify.annotations.Nullable;

/** A run folder that exists already, cannot be created, or holds no run. */
public final class RunFolderException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Names the settings key with the wrong value, and says what is wrong with it. */
  public RunFolderException(@Nullable String key, String message) {
    super(key, message, null);
  }

  /** Adds the cause. */
  public RunFolderException(@Nullable String key, String message, Throwable cause) {
    super(key, message, cause);
  }
}
