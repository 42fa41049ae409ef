package io.tandem.model;

import io.tandem.conf.Fit;
import io.tandem.frame.Framing;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a model's {@code serving.properties} on how a frame becomes as large as its input.
 *
 * @param properties all lines, also those of a preset
 * @param written the keys that are not only a preset's
 */
record FitProperties(Properties properties, Set<String> written) {
  private static final String RESIZE = "resize";
  private static final String INTERPOLATION = "interpolation";
  private static final String ANTIALIAS = "antialias";
  private static final String BARS = "letterbox.value";

  /** The shorter side for an input of a size, which grows with the input: only presets have it. */
  private static final Pattern SHARE = Pattern.compile("(\\d+)/(\\d+)");

  private static final int MOST_PIXELS = 99_999;

  /** Returns how a frame meets the model's size; null if no line says it. */
  @Nullable Fit fit() {
    String given = properties.getProperty("fit");
    if (given == null) {
      return null;
    }
    Set<Fit> fits = EnumSet.complementOf(EnumSet.of(Fit.MODEL));
    return fits.stream()
        .filter(fit -> key(fit).equalsIgnoreCase(given.strip()))
        .findFirst()
        .orElseThrow(
            () ->
                refusal(
                    "fit",
                    "a model's fit is one of %s, not: %s"
                        .formatted(
                            fits.stream().map(FitProperties::key).collect(Collectors.joining(", ")),
                            given)));
  }

  /**
   * Returns the details for an input of this size.
   *
   * @throws ModelException if a value is wrong, or a line would have no effect
   */
  Framing framing(int width, int height) {
    Fit fit = fit();
    requireUse(fit, RESIZE, Fit.CROP);
    requireUse(fit, BARS, Fit.LETTERBOX);
    requireUse(fit, INTERPOLATION, Fit.CROP, Fit.STRETCH, Fit.LETTERBOX);
    requireUse(fit, ANTIALIAS, Fit.CROP, Fit.STRETCH, Fit.LETTERBOX);
    return new Framing(
        fit == null || fit == Fit.CROP ? resize(width, height) : 0,
        filter(),
        InputProperties.number(properties, BARS, 0, 0, 255));
  }

  private void requireUse(@Nullable Fit fit, String key, Fit... users) {
    if (fit != null && written.contains(key) && !Arrays.asList(users).contains(fit)) {
      throw refusal(
          key,
          "%s has no effect with fit=%s; omit it, or write fit=%s"
              .formatted(key, key(fit), key(users[0])));
    }
  }

  private int resize(int width, int height) {
    int longer = Math.max(width, height);
    Matcher share = SHARE.matcher(properties.getProperty(RESIZE, ""));
    if (!written.contains(RESIZE) && share.matches()) {
      double perPixel = Double.parseDouble(share.group(1)) / Integer.parseInt(share.group(2));
      return (int) Math.round(longer * perPixel);
    }
    int resize = InputProperties.number(properties, RESIZE, 0, 1, MOST_PIXELS);
    if (resize > 0 && resize < longer) {
      throw refusal(
          RESIZE,
          "the model's resize is the shorter side before the middle of %d x %d is cut out, not: %d; write resize=%d or more"
              .formatted(width, height, resize, longer));
    }
    return resize;
  }

  private Framing.Filter filter() {
    boolean isBicubic = choice(INTERPOLATION, "bilinear", "bicubic").equals("bicubic");
    if (choice(ANTIALIAS, "true", "false").equals("true")) {
      return isBicubic ? Framing.Filter.BICUBIC : Framing.Filter.BILINEAR;
    }
    if (isBicubic) {
      throw refusal(
          ANTIALIAS,
          "antialias=false is for interpolation=bilinear only; omit it, or write interpolation=bilinear");
    }
    return Framing.Filter.BILINEAR_ALIASED;
  }

  private String choice(String key, String usual, String other) {
    String value = properties.getProperty(key, usual).strip();
    if (!value.equals(usual) && !value.equals(other)) {
      throw refusal(key, "a model's %s is %s or %s, not: %s".formatted(key, usual, other, value));
    }
    return value;
  }

  private static ModelException refusal(String key, String sentence) {
    return new ModelException(InputProperties.setting(key), sentence);
  }

  private static String key(Fit fit) {
    return fit.name().toLowerCase(Locale.ROOT);
  }
}
