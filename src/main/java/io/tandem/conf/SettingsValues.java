package io.tandem.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads the typed values of one section.
 *
 * @param tree all settings below {@code tandem}
 * @param section the section's key, such as "frames"
 */
record SettingsValues(Config tree, String section) {
  /** Above 2 to the power of 53 a double skips whole numbers. */
  private static final double MOST_EXACT = 1L << 53;

  private String path(String key) {
    return section + "." + key;
  }

  String text(String key) {
    return tree.getString(path(key));
  }

  /** Returns null if the key is not set. */
  @Nullable String textOrNull(String key) {
    return tree.hasPath(path(key)) ? tree.getString(path(key)) : null;
  }

  /** Returns the values of a section that takes any key, by their full keys. */
  Map<String, String> textsByKey(String key) {
    Map<String, String> texts = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : tree.getConfig(path(key)).entrySet()) {
      texts.put(
          String.join(".", ConfigUtil.splitPath(entry.getKey())),
          String.valueOf(entry.getValue().unwrapped()));
    }
    return texts;
  }

  int number(String key) {
    requireWhole(key, tree.getValue(path(key)));
    return tree.getInt(path(key));
  }

  /** Returns null if the key is not set. */
  @Nullable Integer numberOrNull(String key) {
    return tree.hasPath(path(key)) ? Integer.valueOf(number(key)) : null;
  }

  long large(String key) {
    requireWhole(key, tree.getValue(path(key)));
    return tree.getLong(path(key));
  }

  long bytes(String key) {
    requirePrintable(key);
    return tree.getBytes(path(key));
  }

  double decimal(String key) {
    requireFinite(key, tree.getValue(path(key)));
    return tree.getDouble(path(key));
  }

  /** Returns null if the key is not set. */
  @Nullable Double decimalOrNull(String key) {
    return tree.hasPath(path(key)) ? Double.valueOf(decimal(key)) : null;
  }

  /** Returns a number from 0 to 1. */
  double share(String key) {
    double value = decimal(key);
    Require.share(path(key), value);
    return value;
  }

  boolean flag(String key) {
    return tree.getBoolean(path(key));
  }

  double seconds(String key) {
    requirePrintable(key);
    return tree.getDuration(path(key), TimeUnit.NANOSECONDS) / 1e9;
  }

  /** Returns null if the key is not set. */
  @Nullable Double secondsOrNull(String key) {
    return tree.hasPath(path(key)) ? Double.valueOf(seconds(key)) : null;
  }

  long millis(String key) {
    requirePrintable(key);
    return tree.getDuration(path(key), TimeUnit.MILLISECONDS);
  }

  List<Integer> numbers(String key) {
    tree.getList(path(key)).forEach(value -> requireWhole(key, value));
    return tree.getIntList(path(key));
  }

  List<Double> decimals(String key) {
    tree.getList(path(key)).forEach(value -> requireFinite(key, value));
    return tree.getDoubleList(path(key));
  }

  /** Returns null if the key is not set. */
  @Nullable List<Double> decimalsOrNull(String key) {
    return tree.hasPath(path(key)) ? decimals(key) : null;
  }

  List<List<Double>> lists(String key) {
    List<List<Double>> lists = new ArrayList<>();
    for (ConfigValue list : tree.getList(path(key))) {
      if (list instanceof ConfigList values) {
        values.forEach(value -> requireFinite(key, value));
      }
      lists.add(list.atKey("list").getDoubleList("list"));
    }
    return lists;
  }

  List<String> texts(String key) {
    return tree.getStringList(path(key));
  }

  AutoInt autoOrNumber(String key) {
    return isAuto(key) ? AutoInt.AUTO : AutoInt.of(number(key));
  }

  /** Reads a number of bytes up to 2 GB. */
  AutoInt autoOrBytes(String key) {
    if (isAuto(key)) {
      return AutoInt.AUTO;
    }
    long bytes = bytes(key);
    if (bytes > Integer.MAX_VALUE) {
      throw new SettingsException(
          "%s%s must be at most 2 GB: %s"
              .formatted(
                  SettingsPlace.of(tree.getValue(path(key)).origin()), path(key), text(key)));
    }
    return AutoInt.of((int) bytes);
  }

  /** Returns whether a key that takes "auto" or "off" says the former. */
  boolean autoOrOff(String key) {
    String value = text(key);
    if (!isAuto(key) && !value.equalsIgnoreCase("off")) {
      throw notOneOf(key, "auto, off", value);
    }
    return isAuto(key);
  }

  private boolean isAuto(String key) {
    return text(key).equalsIgnoreCase("auto");
  }

  <E extends Enum<E>> E oneOf(Class<E> type, String key) {
    return oneOf(type, key, text(key));
  }

  <E extends Enum<E>> List<E> eachOf(Class<E> type, String key) {
    return texts(key).stream().map(name -> oneOf(type, key, name)).toList();
  }

  private <E extends Enum<E>> E oneOf(Class<E> type, String key, String name) {
    for (E value : type.getEnumConstants()) {
      if (value.name().equalsIgnoreCase(name)) {
        return value;
      }
    }
    List<String> names =
        Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT))
            .toList();
    throw notOneOf(key, String.join(", ", names), name);
  }

  /** Refuses what the library would round, and what it would read from a text with more in it. */
  private void requireWhole(String key, ConfigValue value) {
    requireNumber(key, value, "-?\\d+", "a whole number");
  }

  private void requireFinite(String key, ConfigValue value) {
    requireNumber(key, value, "-?\\d*\\.?\\d*(?:[eE][-+]?\\d+)?", "a number");
    if (value.unwrapped() instanceof Number number && !Double.isFinite(number.doubleValue())) {
      throw taken(key, "a number", value);
    }
  }

  private void requireNumber(String key, ConfigValue value, String pattern, String kind) {
    boolean isScalar =
        value.valueType() == ConfigValueType.NUMBER || value.valueType() == ConfigValueType.STRING;
    String written = String.valueOf(value.unwrapped());
    // A text without digits is of the wrong type, which the library says.
    if (isScalar && written.matches("(?s).*\\d.*") && !isOf(value, written, pattern)) {
      throw taken(key, kind, value);
    }
  }

  private static boolean isOf(ConfigValue value, String written, String pattern) {
    if (value.unwrapped() instanceof Double number && !pattern.contains("eE")) {
      return number == Math.rint(number) && Math.abs(number) <= MOST_EXACT;
    }
    return value.unwrapped() instanceof Number || written.matches(pattern);
  }

  /** Refuses control characters, which the library takes for white space. */
  private void requirePrintable(String key) {
    ConfigValue value = tree.getValue(path(key));
    if (String.valueOf(value.unwrapped()).matches("(?s).*\\p{Cc}.*")) {
      throw taken(key, "a number with a unit", value);
    }
  }

  private SettingsException taken(String key, String kind, ConfigValue value) {
    return new SettingsException(
        "%s%s takes %s, not: %s"
            .formatted(SettingsPlace.of(value.origin()), path(key), kind, value.unwrapped()));
  }

  private SettingsException notOneOf(String key, String names, String value) {
    return new SettingsException(
        "%s%s is one of %s, not: %s"
            .formatted(
                SettingsPlace.of(tree.getValue(path(key)).origin()), path(key), names, value));
  }
}
