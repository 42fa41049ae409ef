package io.tandem.conf;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keys of earlier versions, with the key that took their place. */
final class RenamedKeys {
  private static final Map<String, String> NEW_KEYS =
      Map.of(
          "benchmark.again", "benchmark.aa-repeat",
          "calibration.same-again", "calibration.aa-repeats");

  private RenamedKeys() {}

  /** Returns the new name of a key; null if the key was never renamed. */
  static @Nullable String newName(String key) {
    return NEW_KEYS.get(key);
  }

  /** Returns all renamed keys, each with its new name. */
  static Map<String, String> all() {
    return NEW_KEYS;
  }
}
