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

/** Settings as the text of {@code settings.conf}, fit to be shown: secrets are blotted out. */
public final class SettingsText {
  private static final Pattern SECRET_KEY =
      Pattern.compile("(?i).*(secret|password|token|credential|access.?key).*");
  private static final Pattern USER_INFO = Pattern.compile("(?<=://)[^/@\\s]+@");

  private SettingsText() {}

  public static String of(Settings settings) {
    Config shown = settings.tree();
    for (Map.Entry<String, ConfigValue> entry : settings.tree().entrySet()) {
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
   * What differs between two of these texts: the key, then both values; "" where it is not set. The
   * output folder, which always differs, is left out.
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
      if (!a.equals(b) && !key.equals("output.path")) {
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
