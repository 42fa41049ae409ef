package io.tandem.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import io.tandem.text.Secrets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Settings as the text of {@code settings.conf}, with secrets redacted. */
public final class SettingsText {
  private static final Pattern SECRET_KEY =
      Pattern.compile("(?i).*(secret|password|token|credential|access.?key).*");
  private static final String FILE = "settings.conf";

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
    for (Map.Entry<String, ConfigValue> entry : parsed(text).entrySet()) {
      values.put(
          entry.getKey().replaceFirst("^tandem\\.", ""),
          Secrets.redacted(String.valueOf(entry.getValue().unwrapped())));
    }
    return values;
  }

  /**
   * Returns the settings of a run's file, which may be from anyone: it includes no other file, and
   * has no substitutions, which could read the environment or grow without bounds.
   *
   * @throws SettingsException if it cannot be read
   */
  static Config parsed(String text) {
    try {
      Config parsed = ConfigFactory.parseString(text, LocalIncludes.ofText(FILE));
      if (!parsed.isResolved()) {
        throw unreadable("the settings of a run have no substitutions ${...}", null);
      }
      return parsed;
    } catch (ConfigException e) {
      throw unreadable(SettingsPlace.plain(e), e);
    } catch (StackOverflowError e) {
      throw unreadable("it has too many braces or brackets within each other", e);
    }
  }

  static SettingsException unreadable(String why, @Nullable Throwable cause) {
    return new SettingsException("%s cannot be read: %s".formatted(FILE, why), cause);
  }

  private static String redact(ConfigValue value) {
    return Secrets.redacted(String.valueOf(value.unwrapped()));
  }
}
