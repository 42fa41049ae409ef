package io.tandem.model;

import io.tandem.conf.Fit;
import io.tandem.conf.Settings;
import io.tandem.frame.Channels;
import io.tandem.model.ModelSpec.ModelInput;
import io.tandem.model.ModelSpec.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a model's {@code serving.properties} on its input.
 *
 * @param properties all lines, also those of a preset
 * @param written the keys that are not only a preset's
 */
record InputProperties(Settings.Model settings, Properties properties, Set<String> written) {
  /** The lines that a setting of their own overrules. */
  private static final Set<String> SETTINGS = Set.of("input", "width", "height", "mean", "std");

  private static final int MOST_FRAMES = 4096;
  private static final int MOST_PIXELS = 99_999;

  /** About a million pixels: 1280 x 720 is predicted whole. */
  private static final int TILE = 1024;

  private static final int TILE_OVERLAP = 64;

  /**
   * Returns the model's input.
   *
   * @throws ModelException if a value is missing or wrong, or would have no effect
   */
  ModelInput read() {
    InputContract contract = InputContract.of(required("input", settings.input()));
    Channels channels = channels();
    FitProperties lines = new FitProperties(properties, written);
    Fit fit = lines.fit();
    boolean ownSize = fit == Fit.NONE;
    boolean tiles = ownSize && "image".equals(properties.getProperty("task", "").strip());
    int width = ownSize ? 0 : size("width", settings.width());
    int height = ownSize ? 0 : size("height", settings.height());
    int tile = tiles ? number(properties, "tile", TILE, 64, MOST_PIXELS) : 0;
    return new ModelInput(
        contract,
        width,
        height,
        fit,
        lines.framing(width, height),
        channels,
        contract.type().isFloat() ? values(channels) : bytes(contract),
        number(properties, "batch", 0, 1, MOST_FRAMES),
        tile,
        tiles
            ? number(properties, "tile.overlap", Math.min(TILE_OVERLAP, tile / 2), 0, tile / 2)
            : 0);
  }

  /**
   * Returns a whole number; {@code otherwise} if no line has the key.
   *
   * @throws ModelException if it is none, or not between {@code least} and {@code most}
   */
  static int number(Properties lines, String key, int otherwise, int least, int most) {
    String value = lines.getProperty(key);
    if (value == null) {
      return otherwise;
    }
    int number = value.strip().matches("\\d{1,5}") ? Integer.parseInt(value.strip()) : -1;
    if (number >= least && number <= most) {
      return number;
    }
    throw new ModelException(
        setting(key),
        "the model's %s is a number of at least %d%s, not: %s"
            .formatted(key, least, most < MOST_PIXELS ? " and at most " + most : "", value));
  }

  private Channels channels() {
    String given = properties.getProperty("channels", "rgb").strip();
    return Arrays.stream(Channels.values())
        .filter(channels -> channels.name().equalsIgnoreCase(given))
        .findFirst()
        .orElseThrow(
            () ->
                new ModelException(
                    setting("channels"),
                    "a model's channels are one of rgb, bgr, grey, not: " + given));
  }

  /** Returns the name of the setting that puts another value in the place of a line. */
  static String setting(String key) {
    return "model." + (SETTINGS.contains(key) ? "" : "properties.") + key;
  }

  private Values bytes(InputContract contract) {
    refuseUnused("mean", settings.mean() != null, contract);
    refuseUnused("std", settings.std() != null, contract);
    refuseUnused("scale", settings.properties().containsKey("scale"), contract);
    return Values.UNIT;
  }

  private static void refuseUnused(String key, boolean given, InputContract input) {
    if (given) {
      throw new ModelException(
          setting(key),
          "a model with input=%s normalises by itself, and %s has no effect; omit it, or set model.input=%s"
              .formatted(input.key(), setting(key), InputContract.FLOAT_NCHW.key()));
    }
  }

  /** Returns mean and deviation; a model that states its scale may have neither. */
  private Values values(Channels channels) {
    String scale = properties.getProperty("scale");
    Scale known = scale == null ? Scale.UNIT : Scale.named(scale.strip());
    boolean isOptional = scale != null;
    return new Values(
        known,
        channels("mean", settings.mean(), channels, known, isOptional),
        channels("std", settings.std(), channels, known, isOptional));
  }

  private String required(String key, @Nullable String overruled) {
    String value = overruled != null ? overruled : properties.getProperty(key);
    if (value == null) {
      throw new ModelException(
          setting(key),
          "the model at %s does not say its %s; write %s=... into its %s, or set %s"
              .formatted(settings.path(), key, key, ModelProperties.FILE, setting(key)));
    }
    return value.strip();
  }

  private int size(String key, @Nullable Integer overruled) {
    String value = required(key, overruled == null ? null : overruled.toString());
    if (!value.matches("[1-9]\\d{0,4}")) {
      throw new ModelException(
          setting(key), "the model's %s must be a number of pixels: %s".formatted(key, value));
    }
    return Integer.parseInt(value);
  }

  private List<Float> channels(
      String key,
      @Nullable List<Double> overruled,
      Channels channels,
      Scale scale,
      boolean isOptional) {
    if (overruled == null && isOptional && properties.getProperty(key) == null) {
      return List.of();
    }
    List<String> values =
        overruled != null
            ? overruled.stream().map(String::valueOf).toList()
            : ModelProperties.list(required(key, null));
    try {
      List<Float> numbers = values.stream().map(Float::valueOf).toList();
      if (numbers.size() == channels.count()) {
        requireScale(key, numbers, scale);
        return numbers;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new ModelException(
        setting(key),
        "the model's %s must be %s: %s"
            .formatted(
                key,
                switch (channels) {
                  case RGB -> "three numbers, for R, G and B";
                  case BGR -> "three numbers, for B, G and R";
                  case GREY -> "one number, for grey";
                },
                String.join(",", values)));
  }

  private static void requireScale(String key, List<Float> numbers, Scale scale) {
    String given = numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    if (scale == Scale.UNIT && numbers.stream().anyMatch(n -> !(n >= 0 && n <= 1))) {
      throw new ModelException(
          setting(key),
          "the model's %s is of pixels on a scale of 0 to 1: %s; divide numbers for 0 to 255 by 255, or write scale=none if the model takes 0 to 255"
              .formatted(key, given));
    }
    boolean isMean = key.equals("mean");
    if (!numbers.stream().allMatch(n -> Float.isFinite(n) && (isMean || n > 0))) {
      throw new ModelException(
          setting(key),
          "the model's %s must be %s: %s".formatted(key, isMean ? "finite" : "above 0", given));
    }
  }
}
