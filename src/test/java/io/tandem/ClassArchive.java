package io.tandem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The archive of classes that a test has {@code submit.sh} make, in the build folder. Processes
 * that start later use it, which halves their start; while there is none they do without.
 */
public final class ClassArchive {
  /** The cache folder of {@code submit.sh}. */
  public static final Path CACHE = Path.of("target", "class-archive").toAbsolutePath();

  private ClassArchive() {}

  /** Returns the variables with which {@code submit.sh} makes and uses an archive. */
  public static Map<String, String> in(Path cache) {
    return Map.of("TANDEM_CLASS_ARCHIVE", "on", "XDG_CACHE_HOME", cache.toString());
  }

  /** Returns the variables with which {@code submit.sh} uses the archive, if it is complete. */
  static Map<String, String> ifMade() {
    List<String> entries = entries(CACHE);
    return entries.size() == 1 && entries.get(0).endsWith(".jsa") ? in(CACHE) : Map.of();
  }

  /** Returns the names in a cache folder: an archive, or the work on it. */
  public static List<String> entries(Path cache) {
    Path folder = cache.resolve("tandem");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
