package io.tandem.text;

import java.util.regex.Pattern;

/** Redacts the secrets of URLs, wherever a text has them. */
public final class Secrets {
  private static final String REDACTED = "(redacted)";

  /** Secrets of S3 have slashes; what follows a colon and is no port is one up to the "@". */
  private static final Pattern KEY_AND_SECRET =
      Pattern.compile("(?<=://)[^/@\\s:\"'<>]*:(?!\\d{1,5}(?:[/\\s\"'<>]|$))[^@\\s\"'<>]*+@");

  /** What precedes the "@" in Azure's URLs is the name of a container. */
  private static final Pattern USER =
      Pattern.compile("(?<=://)(?<!\\b(?:abfss?|wasbs?)://)[^/@\\s:\"'<>]++@");

  private static final Pattern QUERY =
      Pattern.compile(
          "([?&][^=&?\\s\"'<>]*(?i:sig|token|credential|secret|passw|auth|key)[^=&?\\s\"'<>]*=)[^&\\s\"'<>]+");

  private Secrets() {}

  /**
   * Returns a text whose URLs have no user information and no signatures; everything else is as it
   * was.
   */
  public static String redacted(String text) {
    String shown = text;
    if (text.indexOf('@') >= 0 && text.contains("://")) {
      shown = KEY_AND_SECRET.matcher(shown).replaceAll(REDACTED + "@");
      shown = USER.matcher(shown).replaceAll(REDACTED + "@");
    }
    return shown.indexOf('=') < 0 ? shown : QUERY.matcher(shown).replaceAll("$1" + REDACTED);
  }
}
