package io.tandem.follow;

import io.tandem.conf.Settings;
import io.tandem.source.FolderListing;
import io.tandem.source.FramesException;
import io.tandem.source.GivenPath;
import io.tandem.source.S3Endpoint;
import io.tandem.source.StorageException;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.jspecify.annotations.Nullable;

/**
 * A folder into which files arrive. A file is taken once, when its length and modification time
 * have held for a while; what happens to it afterwards is noted, and ignored. The driver looks, by
 * the rules of {@link FolderListing}. Thread-safe.
 */
public final class FollowedFolder {
  private static final int MOST_NAMED = 5;

  private final Settings.Frames frames;
  private final long settleNanos;
  private final Configuration hadoop;
  private final Progress progress;
  private final FileSystem fs;
  private final String root;

  private final Arrivals arrivals;
  private final Deque<ArrivedFile> ready = new ArrayDeque<>();
  private final Set<String> said = new HashSet<>();
  private @Nullable String trouble;
  private long firstLook;
  private boolean once;

  private FollowedFolder(
      Settings settings, Configuration hadoop, Progress progress, FileSystem fs, Path root) {
    this.frames = settings.frames();
    this.settleNanos = Math.round(settings.infer().follow().settleSeconds() * 1e9);
    this.arrivals = new Arrivals(settleNanos);
    this.hadoop = hadoop;
    this.progress = progress;
    this.fs = fs;
    this.root = root + (root.isRoot() ? "" : "/");
  }

  /**
   * Opens the folder that the settings name, without looking into it.
   *
   * @throws FramesException if it is no folder, or if settings make no sense for one
   */
  public static FollowedFolder open(Settings settings, Configuration hadoop, Progress progress) {
    Settings.Frames frames = settings.frames();
    requireWholeFolder(frames);
    S3Endpoint.requireFor(frames.path(), hadoop);
    try {
      Path given = GivenPath.of(frames.path());
      FileSystem named = given.getFileSystem(hadoop);
      FileSystem fs = named instanceof LocalFileSystem local ? local.getRaw() : named;
      Path root = fs.makeQualified(given);
      if (!isObjectStore(fs) || fs.exists(root)) { // An object store has no empty folders.
        requireFolder(fs.getFileStatus(root), frames);
      }
      return new FollowedFolder(settings, hadoop, progress, fs, root);
    } catch (IOException | IllegalArgumentException e) {
      throw new FramesException(
          "follow.enabled",
          "cannot follow %s: %s"
              .formatted(
                  frames.path(),
                  StorageException.MISSING.equals(StorageException.why(e))
                      ? "there is no such folder"
                      : StorageException.why(e)),
          e);
    }
  }

  private static void requireWholeFolder(Settings.Frames frames) {
    if (frames.manifest() != null) {
      throw new FramesException(
          "frames.manifest",
          "a manifest lists its frames, and is not followed; omit frames.manifest, or follow.enabled");
    }
    if (frames.limit() > 0) {
      throw new FramesException(
          "frames.limit",
          "a followed folder has no last file; omit frames.limit, which is %d"
              .formatted(frames.limit()));
    }
  }

  private static void requireFolder(FileStatus status, Settings.Frames frames) {
    if (!status.isDirectory()) {
      throw new FramesException(
          "follow.enabled",
          "cannot follow %s: it is a file; files arrive in a folder".formatted(frames.path()));
    }
  }

  private static boolean isObjectStore(FileSystem fs) {
    return fs.getUri().getScheme().startsWith("s3");
  }

  /** Returns the full path of the folder, which does not depend on where a process starts. */
  public String path() {
    Path path = new Path(root);
    return fs.getUri().getScheme().equals("file") ? path.toUri().getPath() : path.toString();
  }

  /**
   * Returns whether a path is below the folder, so that a file there would be taken.
   *
   * @param path a full path, with its scheme
   */
  public boolean contains(String path) {
    return frames.recursive() && path.startsWith(root);
  }

  /** Leaves out the files that a run has taken before. */
  public synchronized void remember(ArrivalLists lists, Session session) {
    if (lists.last() > 0) {
      lists.all(session).forEachRemaining(this::take);
    }
  }

  private void take(ArrivedFile file) {
    arrivals.take(below(file.path()), file);
  }

  /** Looks for the first time; files begin to settle. */
  public synchronized void lookFirst() {
    var unused = look();
  }

  /**
   * Prepares to take the files that are there, and no later ones: waits until they have settled.
   *
   * @throws InterruptedException if the wait is interrupted
   */
  synchronized void prepareOnce() throws InterruptedException {
    once = true;
    if (firstLook == 0) {
      lookFirst();
    }
    long wait = settleNanos - (System.nanoTime() - firstLook);
    if (wait > 0) {
      TimeUnit.NANOSECONDS.sleep(wait);
    }
    List<String> unsettled = look();
    String failed = trouble;
    if (failed != null) {
      throw new FramesException("follow.enabled", failed);
    }
    if (!unsettled.isEmpty()) {
      progress.say(
          "%s left for the next call, new, changed within the last %s, or still open: %s"
              .formatted(
                  Words.count(unsettled.size(), "file"),
                  Words.shortTime(settleNanos / 1e9),
                  some(unsettled)));
    }
  }

  /**
   * Takes the files that have settled, at most some.
   *
   * @return them in the order of their modification times; none if there are no new ones
   */
  synchronized List<ArrivedFile> next(int most) {
    if (ready.isEmpty() && !once) {
      var unused = look();
    }
    List<ArrivedFile> files = new ArrayList<>();
    while (files.size() < most && !ready.isEmpty()) {
      files.add(ready.remove());
    }
    return files;
  }

  /** Notes that these files are on a list. */
  synchronized void taken(List<ArrivedFile> files) {
    files.forEach(this::take);
  }

  /** Finds the files that are ready now; returns the names of those that are not yet. */
  private List<String> look() {
    firstLook = firstLook == 0 ? System.nanoTime() : firstLook;
    Arrivals.Look look = arrivals.look(this::isOpen);
    try {
      FolderListing listing = FolderListing.open(frames, hadoop);
      Iterator<FileStatus> files = listing.files();
      while (files.hasNext()) {
        FileStatus file = files.next();
        look.see(below(file.getPath().toString()), file);
      }
      listing.skipped().stream().filter(said::add).forEach(progress::say);
    } catch (FramesException | IOException e) {
      cannotLook(e);
      return List.of();
    }
    canLook();
    look.end();
    ready.clear();
    ready.addAll(look.settled());
    if (!look.changed().isEmpty()) {
      progress.say(
          "%s changed after it was taken, and is not taken again: %s"
              .formatted(Words.count(look.changed().size(), "file"), some(look.changed())));
    }
    return look.unsettled();
  }

  /** HDFS shows the length and time of a file's closed blocks: they hold while one is written. */
  private boolean isOpen(FileStatus file) throws IOException {
    try {
      return fs instanceof DistributedFileSystem hdfs && !hdfs.isFileClosed(file.getPath());
    } catch (FileNotFoundException e) {
      return true; // It has just vanished.
    }
  }

  /** A share or a store may be away for a while: the next look tries again. */
  private void cannotLook(Exception e) {
    if (isObjectStore(fs) && e.getCause() instanceof FileNotFoundException) {
      return; // Nothing has arrived yet.
    }
    String why =
        e instanceof FramesException
            ? String.valueOf(e.getMessage())
            : "the frames at %s cannot be listed: %s"
                .formatted(frames.path(), StorageException.why(e));
    if (!why.equals(trouble)) {
      trouble = why;
      progress.say(once ? why : why + "; trying again");
    }
  }

  private void canLook() {
    if (trouble != null) {
      trouble = null;
      progress.say("%s can be listed again".formatted(frames.path()));
    }
  }

  private String below(String path) {
    return path.startsWith(root) ? path.substring(root.length()) : path;
  }

  private static String some(List<String> names) {
    String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
    return names.size() > MOST_NAMED ? first + ", ..." : first;
  }
}
