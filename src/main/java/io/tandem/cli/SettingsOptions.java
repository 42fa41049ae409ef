package io.tandem.cli;

import io.tandem.conf.InputException;
import java.util.Map;

/** Maps settings keys to command-line options. */
final class SettingsOptions {
  private static final Map<String, String> OPTIONS =
      Map.of(
          "follow.enabled", "--follow",
          "frames.path", "--frames",
          "frames.manifest", "--manifest",
          "model.path", "--model",
          "output.format", "--format",
          "output.path", "--output",
          "output.save-as", "--save-as",
          "output.video.write", "--video-out");

  private SettingsOptions() {}

  /** Returns the exception's sentence with the option that sets the value, if one key is wrong. */
  static String sentence(InputException e) {
    String message = String.valueOf(e.getMessage()).strip();
    String first = message.lines().findFirst().orElse(message);
    String key = e.key();
    if (key == null) {
      return first;
    }
    return "%s (option %s)".formatted(first, OPTIONS.getOrDefault(key, "--set " + key + "=VALUE"));
  }
}
