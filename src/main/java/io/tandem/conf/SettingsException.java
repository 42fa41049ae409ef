package io.tandem.conf;

import org.jspecify.annotations.Nullable;

/** A setting that is unknown, or has a value that its key does not take. */
public final class SettingsException extends InputException {
  private static final long serialVersionUID = 1L;

  /** Says what is wrong, with the value. */
  public SettingsException(String message) {
    super(null, message, null);
  }

  /** Names the key that has the wrong value, too. */
  public static SettingsException of(String key, String message) {
    return new SettingsException(key, message, null);
  }

  /** Adds the cause. */
  public static SettingsException of(String key, String message, @Nullable Throwable cause) {
    return new SettingsException(key, message, cause);
  }

  private SettingsException(@Nullable String key, String message, @Nullable Throwable cause) {
    super(key, message, cause);
  }

  /** Adds the cause. */
  public SettingsException(String message, @Nullable Throwable cause) {
    super(null, message, cause);
  }
}
