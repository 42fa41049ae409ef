package io.tandem.conf;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keys of earlier versions, with what took their place. */
final class FormerKeys {
  private static final Map<String, String> NEW_KEYS =
      Map.of(
          "benchmark.again", "benchmark.aa-repeat",
          "benchmark.precisions", "benchmark.exports",
          "model.precision", "model.export",
          "calibration.same-again", "calibration.aa-repeats");

  /** Keys that nothing took the place of, with the reason. */
  private static final Map<String, String> REMOVED =
      Map.of(
          "benchmark.valid.variation",
          "noise between rounds makes the intervals wider, and no row invalid",
          "benchmark.valid.min-frames",
          "benchmark.valid.min-batches bounds the batches");

  private FormerKeys() {}

  /** Returns why a key was removed; null if it was not. */
  static @Nullable String whyRemoved(String key) {
    return REMOVED.get(key);
  }

  /** Returns the keys that were removed. */
  static Set<String> removed() {
    return REMOVED.keySet();
  }

  /** Returns the new name of a key; null if the key was never renamed. */
  static @Nullable String newName(String key) {
    return NEW_KEYS.get(key);
  }

  /** Returns all renamed keys, each with its new name. */
  static Map<String, String> all() {
    return NEW_KEYS;
  }
}
