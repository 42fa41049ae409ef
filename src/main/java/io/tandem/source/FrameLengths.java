package io.tandem.source;

import io.tandem.conf.UsageException;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Progress;
import io.tandem.spark.ProgressTicker;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.LongAccumulator;

/**
 * Asks for the lengths of frames, in tasks, and many at once in each: an object store answers a
 * question in tens of milliseconds, but thousands of them a second.
 */
final class FrameLengths implements FlatMapFunction<Iterator<String>, FrameLengths.Answers> {
  private static final long serialVersionUID = 1L;

  /** A task asks for so many at the same time. */
  static final int AT_ONCE = 16;

  private static final int MOST_A_TASK = 1024;

  /** So many take a while: then it is said what is being done. */
  private static final int MANY = 10_000;

  private final HadoopConf hadoop;
  private final LongAccumulator asked;

  private FrameLengths(HadoopConf hadoop, LongAccumulator asked) {
    this.hadoop = hadoop;
    this.asked = asked;
  }

  /** Of a task's frames, in their order; the length of one that is not there is {@link #NONE}. */
  static final class Answers implements Serializable {
    private static final long serialVersionUID = 1L;
    static final long NONE = -1;

    private final long[] lengths;
    private final long[] modifiedAtMillis;

    private Answers(int frames) {
      lengths = new long[frames];
      modifiedAtMillis = new long[frames];
    }

    /** The frame, with the answer at that place. */
    Frame about(Frame frame, int at) {
      return lengths[at] == NONE
          ? Frame.missing(frame.path(), frame.index())
          : Frame.image(frame.path(), lengths[at], modifiedAtMillis[at], frame.index());
    }
  }

  /** It is not known whether the frame is there. */
  private static final class NoAnswer extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NoAnswer(String path, IOException cause) {
      super("%s (%s)".formatted(path, StorageException.why(cause)));
    }
  }

  /**
   * The answers in the order of the paths.
   *
   * @throws UsageException where a file system does not tell whether a frame is there
   */
  static Answers ask(Session session, List<String> paths, Progress progress) {
    if (paths.isEmpty()) {
      return new Answers(0);
    }
    LongAccumulator asked = session.spark().sparkContext().longAccumulator("lengths");
    if (paths.size() <= MANY) {
      return ask(session, paths, asked);
    }
    progress.say("asking for the lengths of " + Words.count(paths.size(), "frame"));
    try (ProgressTicker ticker =
        ProgressTicker.start(progress, asked::value, paths.size(), "lengths")) {
      Answers answers = ask(session, paths, asked);
      ticker.finish();
      return answers;
    }
  }

  private static Answers ask(Session session, List<String> paths, LongAccumulator asked) {
    try {
      List<Answers> answers =
          session
              .context()
              .parallelize(paths, tasks(paths.size(), session.slots()))
              .mapPartitions(new FrameLengths(session.broadcastHadoop(), asked))
              .collect();
      return joined(answers, paths.size());
    } catch (Exception e) { // Scala does not declare SparkException.
      throw refused(e);
    }
  }

  /** Enough to fill all slots, but none so small that its threads have nothing to do. */
  static int tasks(int frames, int slots) {
    int even = Math.min(Math.max(1, slots), (frames + AT_ONCE - 1) / AT_ONCE);
    return Math.max(even, (frames + MOST_A_TASK - 1) / MOST_A_TASK);
  }

  private static RuntimeException refused(Exception e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof NoAnswer) {
        return new UsageException(
            "whether a frame is there, and its length, cannot be told: %s; mend the access, or give the manifest a column length"
                .formatted(cause.getMessage()),
            e);
      }
    }
    return e instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("cannot ask for the lengths of frames", e);
  }

  private static Answers joined(List<Answers> parts, int frames) {
    Answers all = new Answers(frames);
    int at = 0;
    for (Answers part : parts) {
      int some = part.lengths.length;
      System.arraycopy(part.lengths, 0, all.lengths, at, some);
      System.arraycopy(part.modifiedAtMillis, 0, all.modifiedAtMillis, at, some);
      at += some;
    }
    return all;
  }

  @Override
  public Iterator<Answers> call(Iterator<String> paths) throws InterruptedException {
    List<String> names = new ArrayList<>();
    paths.forEachRemaining(names::add);
    Answers answers = new Answers(names.size());
    String thread = "tandem-length-" + TaskContext.getPartitionId();
    ExecutorService threads =
        Executors.newFixedThreadPool(AT_ONCE, work -> new Thread(work, thread));
    try {
      List<Future<?>> asking = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        int frame = i;
        asking.add(
            threads.submit(
                () -> {
                  ask(names.get(frame), frame, answers);
                  return null;
                }));
      }
      for (int i = 0; i < asking.size(); i++) {
        await(asking.get(i), names.get(i));
        asked.add(1);
      }
    } finally {
      threads.shutdownNow();
    }
    return List.of(answers).iterator();
  }

  /** A folder is no frame either. */
  private void ask(String name, int frame, Answers into) throws IOException {
    Path path = new Path(name);
    try {
      FileStatus status = path.getFileSystem(hadoop.get()).getFileStatus(path);
      into.lengths[frame] = status.isFile() ? status.getLen() : Answers.NONE;
      into.modifiedAtMillis[frame] = status.getModificationTime();
    } catch (FileNotFoundException e) {
      into.lengths[frame] = Answers.NONE;
    }
  }

  private static void await(Future<?> asking, String path) throws InterruptedException {
    try {
      asking.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause
          ? new NoAnswer(path, cause)
          : new IllegalStateException("cannot ask for " + path, e);
    }
  }
}
