package io.tandem.source;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Makes whole paths of those that a manifest has; asks no file system for that. */
final class FramePaths implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final Pattern URL = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

  private final Path base;
  private final URI home;

  /**
   * @param base what relative paths are relative to
   */
  FramePaths(String base, Configuration hadoop) throws IOException {
    Path given = new Path(base);
    this.base = given.getFileSystem(hadoop).makeQualified(given);
    this.home = FileSystem.getDefaultUri(hadoop);
  }

  /**
   * With a scheme, and without detours.
   *
   * @throws IllegalArgumentException where it is no path
   */
  String whole(String text) {
    Path path = path(text);
    String scheme = path.toUri().getScheme();
    boolean isHome = scheme == null || scheme.equals(home.getScheme());
    return (isHome ? path.makeQualified(home, base) : path).toString();
  }

  private Path path(String text) {
    if (URL.matcher(text).matches()) {
      return new Path(text);
    }
    // By its parts, for a name with a colon in it is no scheme.
    Path path = new Path(null, null, text);
    return text.startsWith("/") ? path : new Path(base, path);
  }
}
