package io.tandem.source;

import io.tandem.conf.Settings;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.GlobFilter;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathFilter;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.hadoop.util.functional.RemoteIterators;
import org.jspecify.annotations.Nullable;

/**
 * Lists the frames of a folder, a file or a glob in path order, with lengths and modification times
 * as in Spark's binary-file source. Needs no Spark. Unlike Spark, includes files whose names begin
 * with {@code _} or {@code .}. Skips local files whose names are not UTF-8, and links to a folder
 * that they lie in; {@link #skipped} says so.
 */
public final class FolderListing {
  private static final FileStatus[] NONE = {};

  private final Settings.Frames settings;
  private final FileSystem fs;
  private final PathFilter names;
  private final FileStatus[] roots;
  private final LocalFolders local;

  private FolderListing(Settings.Frames settings, Configuration hadoop) throws IOException {
    this.settings = settings;
    this.names = named(settings.glob());
    Path path = GivenPath.of(settings.path());
    FileSystem named = path.getFileSystem(hadoop);
    // The checksummed file system hides files that look like checksums.
    this.fs = named instanceof LocalFileSystem local ? local.getRaw() : named;
    this.local = new LocalFolders(fs, names);
    this.roots = roots(fs.makeQualified(path));
  }

  /**
   * Returns a filter of file names; cameras and systems differ in {@code .jpg} and {@code .JPG}.
   */
  private static PathFilter named(String glob) {
    GlobFilter lowerCase = filter(glob.toLowerCase(Locale.ROOT));
    return path -> lowerCase.accept(GivenPath.of(path.getName().toLowerCase(Locale.ROOT)));
  }

  private static GlobFilter filter(String glob) {
    try {
      return new GlobFilter(glob);
    } catch (IOException | RuntimeException e) { // Hadoop lets its library's exceptions through.
      throw new FramesException(
          "frames.glob",
          "frames.glob is no pattern of file names: %s; a brace or bracket has no end, or is not meant (\\{)"
              .formatted(glob),
          e);
    }
  }

  /**
   * Resolves the path of the settings, without listing folders.
   *
   * @throws FramesException if there is no such file or folder
   */
  public static FolderListing open(Settings.Frames settings, Configuration hadoop) {
    S3Endpoint.requireFor(settings.path(), hadoop);
    if (GivenPath.isWeb(settings.path())) {
      throw new FramesException(
          "frames.path",
          "the frames at %s cannot be listed: the web has no folders; download them first"
              .formatted(settings.path()));
    }
    try {
      return new FolderListing(settings, hadoop);
    } catch (IOException | IllegalArgumentException e) {
      throw refusal(settings, e);
    }
  }

  private static FramesException refusal(Settings.Frames settings, Exception e) {
    return new FramesException(
        "frames.path",
        "the frames at %s cannot be listed: %s".formatted(settings.path(), StorageException.why(e)),
        e);
  }

  /**
   * Returns the frames in path order; null if there are more than {@code most} files.
   *
   * @throws FramesException if there are none, or if they cannot be listed
   */
  @Nullable List<Frame> frames(int most) {
    List<FileStatus> found = new ArrayList<>();
    Iterator<FileStatus> files = files();
    while (files.hasNext()) {
      if (found.size() == most) {
        return null;
      }
      found.add(files.next());
    }
    return inOrder(found);
  }

  /**
   * Returns the files in no order, and lists folders while it is read. The iterator throws
   * FramesException if they cannot be listed.
   */
  public Iterator<FileStatus> files() {
    return new Files();
  }

  /** The files of one root after another. */
  private final class Files implements Iterator<FileStatus> {
    private final Iterator<FileStatus> rest = Arrays.asList(roots).iterator();
    private RemoteIterator<FileStatus> files = RemoteIterators.remoteIteratorFromArray(NONE);

    @Override
    public boolean hasNext() {
      try {
        while (!files.hasNext() && rest.hasNext()) {
          files = filesOf(rest.next());
        }
        return files.hasNext();
      } catch (IOException | IllegalArgumentException e) {
        throw refusal(settings, e);
      }
    }

    @Override
    public FileStatus next() {
      try {
        return files.next();
      } catch (IOException | IllegalArgumentException e) {
        throw refusal(settings, e);
      }
    }
  }

  private RemoteIterator<FileStatus> filesOf(FileStatus root) throws IOException {
    if (root.isFile()) {
      // A file that the user names is a frame, whatever its name.
      return roots.length == 1 || names.accept(root.getPath())
          ? RemoteIterators.remoteIteratorFromSingleton(root)
          : RemoteIterators.remoteIteratorFromArray(NONE);
    }
    Path folder = root.getPath();
    if ("file".equals(fs.getUri().getScheme())) {
      return local.files(folder, settings.recursive());
    }
    // One recursive listing: an object store has no folders.
    RemoteIterator<FileStatus> all =
        settings.recursive()
            ? RemoteIterators.typeCastingRemoteIterator(fs.listFiles(folder, true))
            : fs.listStatusIterator(folder);
    return RemoteIterators.filteringRemoteIterator(
        all, status -> status.isFile() && names.accept(status.getPath()));
  }

  /**
   * Returns the file or folder at the path; if there is none, the matches of the path as a glob.
   */
  private FileStatus[] roots(Path path) throws IOException {
    try {
      return new FileStatus[] {fs.getFileStatus(path)};
    } catch (FileNotFoundException e) {
      FileStatus[] matches = fs.globStatus(path);
      if (matches == null || matches.length == 0) {
        throw new FramesException(
            "frames.path",
            "no frames found at %s; there is no such file or folder".formatted(settings.path()),
            e);
      }
      return matches;
    }
  }

  /** Returns sentences about the files and folders that {@link #files} has skipped. */
  public List<String> skipped() {
    return local.skipped();
  }

  private List<Frame> inOrder(List<FileStatus> found) {
    record Named(String path, FileStatus status) {}
    List<Named> files =
        found.stream()
            .map(status -> new Named(status.getPath().toString(), status))
            .sorted(Comparator.comparing(Named::path))
            .toList();
    int size = settings.limit() > 0 ? Math.min(settings.limit(), files.size()) : files.size();
    if (size == 0) {
      throw none();
    }
    List<Frame> frames = new ArrayList<>(size);
    for (Named file : files.subList(0, size)) {
      FileStatus status = file.status();
      frames.add(
          Frame.image(file.path(), status.getLen(), status.getModificationTime(), frames.size()));
    }
    return frames;
  }

  /** Returns the exception to throw if there are no files. */
  private FramesException none() {
    return new FramesException(
        "frames.path",
        "no frames found at %s; expected file names such as %s%s"
            .formatted(
                settings.path(),
                settings.glob(),
                settings.recursive() ? ", in its subfolders too" : ""));
  }
}
