package io.tandem.model;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The lines of a model's {@code serving.properties} that a task type reads, with what the settings
 * put in their place. A wrong value is refused in one sentence that says which line to write.
 *
 * @param path the model's folder, as the settings name it
 * @param values all lines
 * @param readings notes what is read; null if nothing needs to know
 */
public record OutputProperties(String path, Map<String, String> values, @Nullable Readings readings)
    implements Serializable {
  public OutputProperties {
    values = Map.copyOf(values);
  }

  /** Creates properties of which no reading is noted. */
  public OutputProperties(String path, Map<String, String> values) {
    this(path, values, null);
  }

  /** Returns the value of a key without blanks around it; null if no line has the key. */
  public @Nullable String get(String key) {
    String line = values.get(key);
    String value = line == null ? null : line.strip();
    note(key, value, true);
    return value;
  }

  /** Returns the value of a key, otherwise {@code otherwise}. */
  public String get(String key, String otherwise) {
    String value = get(key);
    return value == null ? noted(key, otherwise) : value;
  }

  private String noted(String key, String otherwise) {
    note(key, otherwise, false);
    return otherwise;
  }

  private void note(String key, @Nullable String value, boolean isWritten) {
    if (readings != null) {
      readings.add(key, value, isWritten);
    }
  }

  /**
   * Returns the value of a key.
   *
   * @throws ModelException if no line has the key
   */
  public String required(String key) {
    String value = get(key);
    if (value == null) {
      throw new ModelException(
          "model." + setting(key),
          "the model at %s does not say its %s; write %s=... into its %s, or set model.%s"
              .formatted(path, key, key, ModelProperties.FILE, setting(key)));
    }
    return value;
  }

  /**
   * Returns one of these values.
   *
   * @throws ModelException if the value is another
   */
  public String oneOf(String key, String otherwise, String... choices) {
    return requireOneOf(key, get(key, otherwise), choices);
  }

  /**
   * Returns one of these values.
   *
   * @throws ModelException if no line has the key, or the value is another
   */
  public String requiredOneOf(String key, String... choices) {
    return requireOneOf(key, required(key), choices);
  }

  private String requireOneOf(String key, String value, String... choices) {
    if (!Arrays.asList(choices).contains(value)) {
      throw new ModelException(
          "model." + setting(key),
          "a model's %s is %s, not: %s".formatted(key, String.join(" or ", choices), value));
    }
    return value;
  }

  /**
   * Returns whether the value is true.
   *
   * @throws ModelException if it is neither true nor false
   */
  public boolean flag(String key, boolean otherwise) {
    return oneOf(key, Boolean.toString(otherwise), "true", "false").equals("true");
  }

  /**
   * Returns a number of at least {@code least} and at most {@code most}.
   *
   * @throws ModelException if the value is no such number
   */
  public double number(String key, double otherwise, double least, double most) {
    String value = get(key);
    if (value == null) {
      note(key, plain(otherwise), false);
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new ModelException(
        "model." + setting(key),
        "the model's %s is a number of %s to %s, not: %s"
            .formatted(key, plain(least), plain(most), value));
  }

  /**
   * Returns a whole number of at least {@code least} and at most {@code most}.
   *
   * @throws ModelException if the value is no such number
   */
  public int integer(String key, int otherwise, int least, int most) {
    double number = number(key, otherwise, least, most);
    if (number != Math.rint(number)) {
      throw new ModelException(
          "model." + setting(key),
          "the model's %s is a whole number, not: %s".formatted(key, get(key)));
    }
    return (int) number;
  }

  private static String plain(double bound) {
    return bound == Math.rint(bound) && Math.abs(bound) < 1e15
        ? Long.toString((long) bound)
        : Double.toString(bound);
  }

  /** Returns the values of a list, separated by commas; empty if no line has the key. */
  public List<String> list(String key) {
    String list = get(key);
    return list == null ? List.of() : ModelProperties.list(list);
  }

  /** Returns the name of the setting that puts another value in the place of a line. */
  private static String setting(String key) {
    return key.equals("output") ? key : "properties." + key;
  }
}
