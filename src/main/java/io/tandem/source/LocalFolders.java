package io.tandem.source;

import io.tandem.text.Words;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files of folders on a local disk, and says which of those that match it passes over,
 * where Hadoop's listing says nothing: files whose names Java cannot decode, links to nothing, and
 * links to a folder that they lie in.
 */
final class LocalFolders {
  private final FileSystem fs;
  private final PathFilter filter;
  private final List<String> undecodable = new ArrayList<>();
  private final List<String> gone = new ArrayList<>();
  private final List<String> loops = new ArrayList<>();

  /**
   * Creates a listing.
   *
   * @param fs the local file system
   * @param filter accepts the files to list
   */
  LocalFolders(FileSystem fs, PathFilter filter) {
    this.fs = fs;
    this.filter = filter;
  }

  /** Adds the files of a folder, and of those below it if the listing is recursive. */
  void addFiles(Path root, boolean recursive, List<FileStatus> to) throws IOException {
    Deque<Path> folders = new ArrayDeque<>();
    folders.add(root);
    while (!folders.isEmpty()) {
      Path folder = folders.remove();
      for (String name : names(folder)) {
        Path path = new Path(folder, GivenPath.of(name));
        FileStatus status = status(path);
        if (status == null) {
          continue;
        }
        if (!status.isDirectory()) {
          if (filter.accept(path)) {
            to.add(status);
          }
        } else if (recursive && isLoop(path)) {
          loops.add(path.toString());
        } else if (recursive) {
          folders.add(path);
        }
      }
    }
  }

  private static String[] names(Path folder) throws IOException {
    String[] names = new File(folder.toUri().getPath()).list();
    if (names == null) {
      throw new IOException("the folder %s cannot be read".formatted(folder));
    }
    return names;
  }

  /** Returns null for a file that is passed over. */
  private @Nullable FileStatus status(Path path) throws IOException {
    try {
      return fs.getFileStatus(path);
    } catch (FileNotFoundException e) {
      if (filter.accept(path)) {
        (path.getName().indexOf('\uFFFD') >= 0 ? undecodable : gone).add(path.toString());
      }
      return null;
    }
  }

  private static boolean isLoop(Path folder) throws IOException {
    java.nio.file.Path link = java.nio.file.Path.of(folder.toUri().getPath());
    java.nio.file.Path parent = link.getParent();
    return parent != null
        && Files.isSymbolicLink(link)
        && parent.toRealPath().startsWith(link.toRealPath());
  }

  /** Returns sentences about what was passed over. */
  List<String> passedOver() {
    List<String> sentences = new ArrayList<>();
    add(sentences, undecodable, "file", "the name is not UTF-8: %s; rename it");
    add(sentences, gone, "file", "a link to nothing: %s");
    add(sentences, loops, "folder", "a link to a folder that contains it: %s");
    return sentences;
  }

  private static void add(List<String> to, List<String> paths, String noun, String why) {
    if (!paths.isEmpty()) {
      String some = paths.get(0) + (paths.size() > 1 ? ", ..." : "");
      to.add(Words.count(paths.size(), noun) + " skipped, " + why.formatted(some));
    }
  }
}
