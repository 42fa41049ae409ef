package io.tandem.run;

import java.nio.file.Files;
import java.util.List;
import org.apache.hadoop.fs.Path;

/** Resolves names in a run folder, which may be from anyone: none leads out of the folder. */
final class RunPaths {
  private RunPaths() {}

  /**
   * Returns the path of a name.
   *
   * @param name a file or subfolder; empty for the folder itself
   * @throws RunFolderException if the name leads out of the folder
   */
  static Path inside(Path run, String name) {
    if (name.isEmpty()) {
      return run;
    }
    if (name.startsWith("/") || List.of(name.split("/", -1)).contains("..")) {
      throw new RunFolderException(
          null, "a name in %s leads out of the folder: %s".formatted(run, name));
    }
    return new Path(run, new Path(null, null, name));
  }

  /**
   * Returns the path of a file to read.
   *
   * @throws RunFolderException if it is a link to another place, or if reading it would not end
   */
  static Path readable(Path run, String name) {
    return checked(run, name, true);
  }

  /**
   * Returns the path of a file to write.
   *
   * @throws RunFolderException if a link would make it replace a file of another place
   */
  static Path writable(Path run, String name) {
    return checked(run, name, false);
  }

  private static Path checked(Path run, String name, boolean isRead) {
    Path file = inside(run, name);
    if ("file".equals(run.toUri().getScheme())) {
      java.nio.file.Path at = java.nio.file.Path.of(run.toUri().getPath());
      for (String part : name.split("/", -1)) {
        at = at.resolve(part);
        boolean isDevice = Files.exists(at) && !Files.isRegularFile(at) && !Files.isDirectory(at);
        if (isRead ? isDevice || Files.isSymbolicLink(at) : Files.isSymbolicLink(at) && !isDevice) {
          throw new RunFolderException(
              null, "%s is no file of a run, but leads to another place; remove it".formatted(at));
        }
      }
    }
    return file;
  }
}
