package io.tandem.source;

import io.tandem.text.Words;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Objects;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.RemoteIterator;
import org.jspecify.annotations.Nullable;

/**
 * Lists the files of folders on a local disk, and says which of those that match it skips, where
 * Hadoop's listing says nothing: files whose names Java cannot decode, links to nothing, and links
 * to a folder that they lie in.
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

  /** Returns the files of a folder, and of those below it if the listing is recursive. */
  RemoteIterator<FileStatus> files(Path root, boolean recursive) {
    return new Walk(root, recursive);
  }

  /** Goes through the folders while it is read. */
  private final class Walk implements RemoteIterator<FileStatus> {
    private final Path root;
    private final boolean recursive;
    private final Deque<Path> folders = new ArrayDeque<>();
    private Iterator<Path> paths = Collections.emptyIterator();
    private @Nullable FileStatus next;

    Walk(Path root, boolean recursive) {
      this.root = root;
      this.recursive = recursive;
      folders.add(root);
    }

    @Override
    public boolean hasNext() throws IOException {
      while (next == null && (paths.hasNext() || !folders.isEmpty())) {
        if (paths.hasNext()) {
          visit(paths.next());
        } else {
          paths = paths(folders.remove());
        }
      }
      return next != null;
    }

    @Override
    public FileStatus next() throws IOException {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      FileStatus found = Objects.requireNonNull(next);
      next = null;
      return found;
    }

    private void visit(Path path) throws IOException {
      FileStatus status = status(path);
      if (status == null) {
        return;
      }
      if (!status.isDirectory()) {
        next = filter.accept(path) ? status : null;
      } else if (recursive && isLoop(path, root)) {
        loops.add(path.toString());
      } else if (recursive) {
        folders.add(path);
      }
    }
  }

  private static Iterator<Path> paths(Path folder) throws IOException {
    String[] names = new File(folder.toUri().getPath()).list();
    if (names == null) {
      throw new IOException("the folder %s cannot be read".formatted(folder));
    }
    return Arrays.stream(names).map(name -> new Path(folder, GivenPath.of(name))).iterator();
  }

  /** Returns null for a file that is skipped. */
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

  /** Links of two folders to each other are a loop as well, which begins further up. */
  private static boolean isLoop(Path folder, Path root) throws IOException {
    java.nio.file.Path link = local(folder);
    if (!Files.isSymbolicLink(link)) {
      return false;
    }
    java.nio.file.Path target = link.toRealPath();
    java.nio.file.Path top = local(root);
    java.nio.file.Path above = link.getParent();
    while (above != null && above.startsWith(top)) {
      if (above.toRealPath().startsWith(target)) {
        return true;
      }
      above = above.getParent();
    }
    return false;
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  /** Returns sentences about what was skipped. */
  List<String> skipped() {
    List<String> sentences = new ArrayList<>();
    add(sentences, undecodable, "file", "the name is not UTF-8: %s; rename it");
    add(sentences, gone, "file", "a broken link: %s");
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
