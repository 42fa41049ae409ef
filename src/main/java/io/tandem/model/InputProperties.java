package io.tandem.model;

import io.tandem.conf.Fit;
import io.tandem.conf.Settings;
import io.tandem.frame.Channels;
import io.tandem.frame.Framing;
import io.tandem.model.ModelSpec.ModelInput;
import io.tandem.model.ModelSpec.Values;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The lines of a model's {@code serving.properties} on its input. */
record InputProperties(Settings.Model settings, Properties properties) {
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
    Channels channels = oneOf(Channels.class, "channels", Channels.RGB);
    Fit fit = fit();
    boolean ownSize = fit == Fit.NONE;
    boolean tiles = ownSize && "image".equals(properties.getProperty("task", "").strip());
    int width = ownSize ? 0 : size("width", settings.width());
    int height = ownSize ? 0 : size("height", settings.height());
    return new ModelInput(
        contract,
        width,
        height,
        fit,
        framing(width, height),
        channels,
        contract.type().isFloat() ? values(channels.count()) : bytes(contract),
        number("batch", 0, 1, 99_999),
        tiles ? number("tile", TILE, 64, 99_999) : 0,
        tiles ? number("tile.overlap", TILE_OVERLAP, 0, 99_999) : 0);
  }

  private int number(String key, int otherwise, int least, int most) {
    String value = properties.getProperty(key);
    if (value == null) {
      return otherwise;
    }
    int number = value.strip().matches("\\d{1,5}") ? Integer.parseInt(value.strip()) : -1;
    if (number >= least && number <= most) {
      return number;
    }
    throw new ModelException(
        "model." + key,
        "the model's %s is a number of at least %d%s, not: %s"
            .formatted(key, least, most < 99_999 ? " and at most " + most : "", value));
  }

  private Framing framing(int width, int height) {
    return new Framing(resize(width, height), filter(), number("letterbox.value", 0, 0, 255));
  }

  private Framing.Filter filter() {
    boolean isBicubic = choice("interpolation", "bilinear", "bicubic").equals("bicubic");
    if (choice("antialias", "true", "false").equals("true")) {
      return isBicubic ? Framing.Filter.BICUBIC : Framing.Filter.BILINEAR;
    }
    if (isBicubic) {
      throw new ModelException(
          "model.properties.antialias",
          "antialias=false is for interpolation=bilinear only; omit it, or write interpolation=bilinear");
    }
    return Framing.Filter.BILINEAR_ALIASED;
  }

  /** Returns the shorter side; a preset's is in the proportion of torchvision's 256 to 224. */
  private int resize(int width, int height) {
    int longer = Math.max(width, height);
    if ("preset".equals(properties.getProperty("resize"))) {
      return Math.round(longer * 8 / 7f);
    }
    int resize = number("resize", 0, 1, 99_999);
    if (resize > 0 && resize < longer) {
      throw new ModelException(
          "model.resize",
          "the model's resize is the shorter side before the middle of %d x %d is cut out, not: %d"
              .formatted(width, height, resize));
    }
    return resize;
  }

  private String choice(String key, String usual, String other) {
    String value = properties.getProperty(key, usual).strip();
    if (!value.equals(usual) && !value.equals(other)) {
      throw new ModelException(
          "model." + key, "a model's %s is %s or %s, not: %s".formatted(key, usual, other, value));
    }
    return value;
  }

  private @Nullable Fit fit() {
    return properties.getProperty("fit") == null ? null : oneOf(Fit.class, "fit", Fit.CROP);
  }

  private <E extends Enum<E>> E oneOf(Class<E> type, String key, E otherwise) {
    String given = properties.getProperty(key);
    if (given == null) {
      return otherwise;
    }
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(given.strip()) && value != Fit.MODEL) {
        return value;
      }
    }
    throw new ModelException(
        "model." + key,
        "a model's %s is one of %s, not: %s"
            .formatted(
                key,
                Arrays.stream(type.getEnumConstants())
                    .filter(value -> value != Fit.MODEL)
                    .map(value -> value.name().toLowerCase(Locale.ROOT))
                    .collect(Collectors.joining(", ")),
                given));
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
          "model." + key,
          "a model with input=%s normalises by itself, and model.%s has no effect; omit it, or set model.input=%s"
              .formatted(input.key(), key, InputContract.FLOAT_NCHW.key()));
    }
  }

  /** Returns mean and deviation; a model that states its scale may have neither. */
  private Values values(int channels) {
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
          "model." + key,
          "the model at %s does not say its %s; write %s=... into its %s, or set model.%s"
              .formatted(settings.path(), key, key, ModelProperties.FILE, key));
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

  private List<Float> channels(
      String key, @Nullable List<Double> overruled, int count, Scale scale, boolean isOptional) {
    if (overruled == null && isOptional && properties.getProperty(key) == null) {
      return List.of();
    }
    List<String> values =
        overruled != null
            ? overruled.stream().map(String::valueOf).toList()
            : ModelProperties.list(required(key, null));
    try {
      List<Float> numbers = values.stream().map(Float::valueOf).toList();
      if (numbers.size() == count) {
        requireScale(key, numbers, scale);
        return numbers;
      }
    } catch (NumberFormatException e) {
      // Reported below, with the value.
    }
    throw new ModelException(
        "model." + key,
        "the model's %s must be %s: %s"
            .formatted(
                key,
                count == 1 ? "one number, for grey" : "three numbers, for R, G and B",
                String.join(",", values)));
  }

  private static void requireScale(String key, List<Float> numbers, Scale scale) {
    String given = numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    if (scale == Scale.UNIT && numbers.stream().anyMatch(n -> !(n >= 0 && n <= 1))) {
      throw new ModelException(
          "model." + key,
          "the model's %s is of pixels on a scale of 0 to 1: %s; divide numbers for 0 to 255 by 255"
              .formatted(key, given));
    }
    if (key.equals("std") && numbers.contains(0f)) {
      throw new ModelException("model.std", "the model's std must be above 0: " + given);
    }
  }
}
