package io.tandem.datasource;

import io.tandem.conf.SettingsException;
import io.tandem.inference.CallerSettings;
import io.tandem.inference.SourceInference.Names;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * The options of a read.
 *
 * @param settings those of the inference
 * @param names those of the struct columns
 */
record SourceOptions(CallerSettings settings, Names names) {
  private static final String PATHS = "paths";

  /** Options with names of their own, beside the keys of settings. */
  private static final Map<String, String> SHORT =
      Map.of("path", "frames.path", "manifest", "frames.manifest", "model", "model.path");

  /**
   * Reads the options.
   *
   * @throws SettingsException if one is missing, unknown or wrong
   */
  static SourceOptions of(Map<String, String> options) {
    Map<String, String> settings = new HashMap<>();
    Map<String, String> names = new HashMap<>();
    options.forEach(
        (key, value) -> {
          String name = key.toLowerCase(Locale.ROOT);
          if (name.equals(PATHS)) {
            throw new SettingsException(
                "several paths at once: %s; load one folder, file or glob, such as s3a://frames/{monday,tuesday}, and unite the DataFrames"
                    .formatted(value));
          }
          if (name.equals("result") || name.equals("timings")) {
            names.put(name, value);
          } else {
            settings.put(SHORT.getOrDefault(name, key), value);
          }
        });
    if (!settings.containsKey("frames.path") && !settings.containsKey("frames.manifest")) {
      throw new SettingsException(
          "no frames are named; load a folder, a file or a glob, or set the option manifest");
    }
    return new SourceOptions(
        CallerSettings.ofSource(settings),
        new Names(
            names.getOrDefault("result", "prediction"), names.getOrDefault("timings", "timings")));
  }
}
