package io.tandem.model;

import io.tandem.conf.Settings;
import io.tandem.model.ModelSpec.ModelInput;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The values of a model's {@code serving.properties}, and of the settings that overrule them. */
record ModelProperties(Settings.Model settings, Properties properties) {
  static final String FILE = "serving.properties";

  /** Returns a value of the file alone; null if it has none. */
  @Nullable String get(String key) {
    return properties.getProperty(key);
  }

  /** Returns a value of the file alone, otherwise {@code otherwise}. */
  String get(String key, String otherwise) {
    return properties.getProperty(key, otherwise);
  }

  /**
   * Returns the model's input.
   *
   * @throws ModelException if a value is missing or wrong, or would have no effect
   */
  ModelInput input() {
    InputContract contract = InputContract.of(required("input", settings.input()));
    boolean normalised = contract == InputContract.FLOAT_NCHW;
    if (!normalised) {
      refuseUnused("mean", settings.mean(), contract);
      refuseUnused("std", settings.std(), contract);
    }
    return new ModelInput(
        contract,
        size("width", settings.width()),
        size("height", settings.height()),
        normalised ? channels("mean", settings.mean()) : List.of(),
        normalised ? channels("std", settings.std()) : List.of());
  }

  /**
   * Returns the format of the model's scores.
   *
   * @throws ModelException if it is missing or unknown
   */
  OutputContract output() {
    return OutputContract.of(required("output", settings.output()));
  }

  private static void refuseUnused(String key, @Nullable List<Double> given, InputContract input) {
    if (given != null) {
      throw new ModelException(
          "model." + key,
          "a model with input=%s normalises by itself, and model.%s has no effect; omit it, or set model.input=%s"
              .formatted(input.key(), key, InputContract.FLOAT_NCHW.key()));
    }
  }

  private String required(String key, @Nullable String overruled) {
    String value = overruled != null ? overruled : properties.getProperty(key);
    if (value == null) {
      throw new ModelException(
          "model." + key,
          "the model at %s does not say its %s; write %s=... into its %s, or set model.%s"
              .formatted(settings.path(), key, key, FILE, key));
    }
    return value.strip();
  }

  private int size(String key, @Nullable Integer overruled) {
    String value = required(key, overruled == null ? null : overruled.toString());
    if (!value.matches("[1-9]\\d{0,4}")) {
      throw new ModelException(
          "model." + key, "the model's %s must be a number of pixels: %s".formatted(key, value));
    }
    return Integer.parseInt(value);
  }

  private List<Float> channels(String key, @Nullable List<Double> overruled) {
    List<String> values =
        overruled != null
            ? overruled.stream().map(String::valueOf).toList()
            : list(key, required(key, null));
    try {
      List<Float> numbers = values.stream().map(Float::valueOf).toList();
      if (numbers.size() == 3) {
        requireScale(key, numbers);
        return numbers;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new ModelException(
        "model." + key,
        "the model's %s must be three numbers, for R, G and B: %s"
            .formatted(key, String.join(",", values)));
  }

  private static void requireScale(String key, List<Float> numbers) {
    String given = numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    if (numbers.stream().anyMatch(n -> !(n >= 0 && n <= 1))) {
      throw new ModelException(
          "model." + key,
          "the model's %s is of pixels on a scale of 0 to 1: %s; divide numbers for 0 to 255 by 255"
              .formatted(key, given));
    }
    if (key.equals("std") && numbers.contains(0f)) {
      throw new ModelException("model.std", "the model's std must be above 0: " + given);
    }
  }

  /** Returns the values of a key, which commas separate. */
  List<String> list(String key, String otherwise) {
    return Arrays.stream(properties.getProperty(key, otherwise).split(","))
        .map(String::strip)
        .toList();
  }
}
