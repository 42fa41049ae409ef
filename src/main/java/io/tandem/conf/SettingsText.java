package io.tandem.conf;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.util.Map;
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

  private static String redact(ConfigValue value) {
    return USER_INFO.matcher(String.valueOf(value.unwrapped())).replaceAll("(redacted)@");
  }
}
