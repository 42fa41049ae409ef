package io.tandem.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Settings as the text of {@code settings.conf}, with secrets redacted. */
public final class SettingsText {
  private static final Pattern SECRET_KEY =
      Pattern.compile("(?i).*(secret|password|token|credential|access.?key).*");
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+@");

  private static final Set<String> NOT_COMPARED = Set.of("output.path", "home");

  private SettingsText() {}

  /** Returns the text with every key. */
  public static String of(Settings settings) {
    Config all = SettingsWriter.tree(settings);
    Config shown = all;
    for (Map.Entry<String, ConfigValue> entry : all.entrySet()) {
      ConfigValue value = entry.getValue();
      if (SECRET_KEY.matcher(entry.getKey()).matches()) {
        shown = shown.withValue(entry.getKey(), ConfigValueFactory.fromAnyRef("(redacted)"));
      } else if (value.valueType() == ConfigValueType.STRING) {
        shown = shown.withValue(entry.getKey(), ConfigValueFactory.fromAnyRef(redact(value)));
      }
    }
    return shown
        .root()
        .render(
            ConfigRenderOptions.defaults()
                .setOriginComments(false)
                .setComments(false)
                .setJson(false));
  }

  /**
   * Returns the differences between two of these texts: the key, then both values; "" if a key is
   * not set. Omits the output folder, which always differs, and the installation folder, which
   * earlier versions wrote.
   */
  public static Map<String, List<String>> differences(String first, String second) {
    Map<String, String> before = flat(first);
    Map<String, String> after = flat(second);
    Map<String, List<String>> differences = new TreeMap<>();
    Set<String> keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    for (String key : keys) {
      String a = before.getOrDefault(key, "");
      String b = after.getOrDefault(key, "");
      if (!a.equals(b) && !NOT_COMPARED.contains(key)) {
        differences.put(key, List.of(a, b));
      }
    }
    return differences;
  }

  private static Map<String, String> flat(String text) {
    Map<String, String> values = new TreeMap<>();
    for (Map.Entry<String, ConfigValue> entry : ConfigFactory.parseString(text).entrySet()) {
      values.put(
          entry.getKey().replaceFirst("^tandem\\.", ""),
          String.valueOf(entry.getValue().unwrapped()));
    }
    return values;
  }

  private static String redact(ConfigValue value) {
    return USER_INFO.matcher(String.valueOf(value.unwrapped())).replaceAll("(redacted)@");
  }
}
