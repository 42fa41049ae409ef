package io.tandem.conf;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Refuses values that a key does not take, in a sentence with key and value. */
final class Require {
  private Require() {}

  static void atLeast(String key, long value, long least) {
    if (value < least) {
      throw new SettingsException("%s must be at least %d: %d".formatted(key, least, value));
    }
  }

  static void between(String key, long value, long least, long most) {
    atLeast(key, value, least);
    if (value > most) {
      throw new SettingsException("%s must be at most %d: %d".formatted(key, most, value));
    }
  }

  static void atLeast(String key, AutoInt value, long least) {
    if (!value.isAuto()) {
      atLeast(key, value.get(), least);
    }
  }

  static void notNegative(String key, double value) {
    if (!(value >= 0)) {
      throw new SettingsException("%s must not be negative: %s".formatted(key, value));
    }
  }

  static void share(String key, double value) {
    notNegative(key, value);
    if (value > 1) {
      throw new SettingsException("%s is a share, at most 1: %s".formatted(key, value));
    }
  }

  static void notBlank(String key, @Nullable String value) {
    if (value != null && value.isBlank()) {
      throw new SettingsException("%s must not be empty".formatted(key));
    }
  }

  /** Returns a copy of a list that has at least one value. */
  static <T> List<T> some(String key, List<T> values) {
    if (values.isEmpty()) {
      throw new SettingsException(key + " must name at least one value: []");
    }
    return List.copyOf(values);
  }
}
