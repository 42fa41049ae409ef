package io.tandem.conf;

import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Describes where a setting is written, and removes the library's own wording for that. */
final class SettingsPlace {
  static final String ROOT = "tandem";

  /** Starts the place of a {@code key=value} pair. */
  static final String PAIR = "setting ";

  private static final Pattern WRONG_TYPE =
      Pattern.compile("(\\S+) has type (\\w+) rather than (\\w+)");

  private SettingsPlace() {}

  /** Returns "file: line: ", as editors read it, or "key=value: "; "" if the place is unknown. */
  static String of(@Nullable ConfigOrigin origin) {
    if (origin == null) {
      return "";
    }
    String description = origin.description();
    // A pair has one line, whose number says nothing.
    return (description.startsWith(PAIR) ? description.replaceFirst(": \\d+$", "") : description)
        + ": ";
  }

  /** Returns the refusal of what the library refused, with its place. */
  static SettingsException refusal(ConfigException e) {
    return new SettingsException(of(e.origin()) + plain(e), e);
  }

  /** Returns the message without the origin that the library puts before it. */
  static String plain(ConfigException e) {
    String message = String.valueOf(e.getMessage());
    ConfigOrigin origin = e.origin();
    if (origin != null && message.startsWith(origin.description() + ": ")) {
      message = message.substring(origin.description().length() + 2);
    }
    return WRONG_TYPE
        .matcher(message.replace(ROOT + ".", "").lines().findFirst().orElse(message))
        .replaceAll(
            m ->
                "%s takes a %s, not a %s"
                    .formatted(
                        m.group(1),
                        m.group(3).toLowerCase(Locale.ROOT),
                        m.group(2).toLowerCase(Locale.ROOT)));
  }
}
