package io.tandem.source;

import io.tandem.source.DistributedFrames.Listed;
import io.tandem.spark.HadoopConf;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.LongAccumulator;
import scala.Tuple2;

/**
 * Converts manifest entries to frames, and looks up missing lengths with concurrent requests: an
 * object store takes tens of milliseconds for a request, but serves thousands per second.
 */
final class FrameLengths implements FlatMapFunction<Iterator<Tuple2<ManifestEntry, Long>>, Listed> {
  private static final long serialVersionUID = 1L;

  /** The number of concurrent requests of a task. */
  static final int AT_ONCE = 16;

  private static final int MOST_A_TASK = 1024;

  private final HadoopConf hadoop;
  private final LongAccumulator answered;

  /**
   * Creates the function.
   *
   * @param answered counts the answered requests
   */
  FrameLengths(HadoopConf hadoop, LongAccumulator answered) {
    this.hadoop = hadoop;
    this.answered = answered;
  }

  /** Thrown in a task if a file system does not report whether a frame exists. */
  private static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswer(String path, IOException cause) {
      super("%s (%s)".formatted(path, StorageException.why(cause)));
    }
  }

  /** Returns a number of tasks that uses all slots without idle request threads. */
  static int tasks(int frames, int slots) {
    int even = Math.min(Math.max(1, slots), (frames + AT_ONCE - 1) / AT_ONCE);
    return Math.max(even, (frames + MOST_A_TASK - 1) / MOST_A_TASK);
  }

  /** Returns the exception to throw if a job with these tasks failed. */
  static RuntimeException refused(Exception e) {
    NoAnswer answer = ExceptionUtils.throwableOfType(e, NoAnswer.class);
    if (answer != null) {
      return new FramesException(
          "frames.manifest",
          "cannot look up whether a frame exists, and its length: %s; allow the access, or give the manifest a column length"
              .formatted(answer.getMessage()),
          e);
    }
    return e instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("cannot look up the lengths of frames", e);
  }

  @Override
  public Iterator<Listed> call(Iterator<Tuple2<ManifestEntry, Long>> entries)
      throws InterruptedException {
    List<Tuple2<ManifestEntry, Long>> all = new ArrayList<>();
    entries.forEachRemaining(all::add);
    List<Listed> frames = new ArrayList<>(all.size());
    String thread = "tandem-length-" + TaskContext.getPartitionId();
    ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, work -> new Thread(work, thread));
    try {
      List<Future<Listed>> pending = new ArrayList<>();
      for (Tuple2<ManifestEntry, Long> entry : all) {
        pending.add(start(entry._1(), Math.toIntExact(entry._2()), threads));
      }
      for (int i = 0; i < all.size(); i++) {
        frames.add(await(pending.get(i), all.get(i)._1().path()));
        if (all.get(i)._1().length() == null) {
          answered.add(1);
        }
      }
    } finally {
      threads.shutdownNow();
    }
    return frames.iterator();
  }

  private Future<Listed> start(ManifestEntry entry, int index, ExecutorService threads) {
    if (GivenPath.isWeb(entry.path())) {
      Frame unread = Frame.unreadable(entry.path(), index, "addresses of the web are not read");
      return CompletableFuture.completedFuture(new Listed(unread, entry.columns()));
    }
    Long length = entry.length();
    if (length == null) {
      return threads.submit(() -> new Listed(lookedUp(entry.path(), index), entry.columns()));
    }
    Frame frame = Frame.image(entry.path(), length, entry.modifiedAtMillis(), index);
    return CompletableFuture.completedFuture(new Listed(frame, entry.columns()));
  }

  /**
   * Returns the frame with its length; an unreadable frame if there is no file, or if its path is
   * of no file system that can be asked. If there is no {@code a%20b.jpg}, takes {@code a b.jpg},
   * because Spark and browsers name files in this way.
   */
  private Frame lookedUp(String name, int index) throws IOException {
    Frame frame = named(name, index);
    String decoded = frame.isUnreadable() ? GivenPath.decoded(name) : null;
    if (decoded == null) {
      return frame;
    }
    Frame meant = named(decoded, index);
    return meant.isUnreadable() ? frame : meant;
  }

  private Frame named(String name, int index) throws IOException {
    try {
      Path path = new Path(name);
      FileStatus status = path.getFileSystem(hadoop.get()).getFileStatus(path);
      if (!status.isFile()) {
        return Frame.missing(name, index);
      }
      return status.getLen() < 0 // As of http.
          ? Frame.unreadable(name, index, "cannot be read: its server does not report its length")
          : Frame.image(name, status.getLen(), status.getModificationTime(), index);
    } catch (FileNotFoundException e) {
      return Frame.missing(name, index);
    } catch (UnsupportedFileSystemException | RuntimeException e) {
      return Frame.unreadable(name, index, "cannot be read: " + StorageException.why(e));
    }
  }

  private static Listed await(Future<Listed> pending, String path) throws InterruptedException {
    try {
      return pending.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause
          ? new NoAnswer(path, cause)
          : new IllegalStateException("cannot look up " + path, e);
    }
  }
}
