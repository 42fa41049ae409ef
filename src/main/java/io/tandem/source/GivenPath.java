package io.tandem.source;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Reads paths as users give them: URLs, or paths of the default file system. */
public final class GivenPath {
  private static final Pattern URL = Pattern.compile("(?s)[A-Za-z][A-Za-z0-9+.-]*:/.*");

  private static final Pattern WEB = Pattern.compile("(?is)(?:https?|ftp):.*");

  private static final Pattern ENCODED = Pattern.compile("%[0-9A-Fa-f]{2}");

  private GivenPath() {}

  /** Returns whether a text is an address of the web; Hadoop would send a request to it. */
  public static boolean isWeb(String text) {
    return WEB.matcher(text).matches();
  }

  /** Returns the name without percent-encoding; null if it has none. */
  public static @Nullable String decoded(String name) {
    if (!ENCODED.matcher(name).find()) {
      return null;
    }
    try {
      return URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /**
   * Returns the path that a text names. Unlike Hadoop, takes a colon without a slash behind it for
   * a part of a name: {@code 09:15/a.jpg} is a relative path.
   *
   * @throws IllegalArgumentException if the text is not a path
   */
  public static Path of(String text) {
    return URL.matcher(text).matches() ? new Path(text) : new Path(null, null, text);
  }
}
