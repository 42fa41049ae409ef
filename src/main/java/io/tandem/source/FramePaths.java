package io.tandem.source;

import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Resolves the paths of a manifest to absolute paths, without access to the file system. */
public final class FramePaths implements Serializable {
  private static final long serialVersionUID = 1L;

  private final Path base;
  private final URI home;

  /**
   * Creates the resolver.
   *
   * @param base the folder of relative paths
   */
  public FramePaths(String base, Configuration hadoop) throws IOException {
    Path given = GivenPath.of(base);
    this.base = given.getFileSystem(hadoop).makeQualified(given);
    this.home = FileSystem.getDefaultUri(hadoop);
  }

  /**
   * Returns the absolute path, with scheme and normalized.
   *
   * @throws IllegalArgumentException if the text is not a path
   */
  public String whole(String text) {
    Path path = path(text);
    String scheme = path.toUri().getScheme();
    boolean isHome = scheme == null || scheme.equals(home.getScheme());
    return (isHome ? path.makeQualified(home, base) : path).toString();
  }

  private Path path(String text) {
    Path path = GivenPath.of(text);
    return path.isAbsolute() ? path : new Path(base, path);
  }
}
