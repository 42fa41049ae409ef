package io.tandem.quarantine;

import io.tandem.run.FrameListing;
import io.tandem.run.RunFolder;
import io.tandem.source.FrameRef;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.text.RunJson;
import io.tandem.text.Words;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a run on which processes ended, in the driver. A frame that was in work when a
 * process ended is a suspect; if a process ends while it predicts a suspect alone, the frame is
 * quarantined. Each loss is a file in {@code _losses/} of the run folder, so that the processes
 * that resume the run know of it. Thread-safe.
 */
public final class LostFrames {
  private static final String FOLDER = "_losses";

  private static final int MOST_NAMED = 5;

  private final RunFolder run;
  private final Progress progress;
  private final Map<String, Standing> standings = new HashMap<>();
  private final Map<String, Map<Long, InWork>> inWork = new HashMap<>();
  private final Set<Partition> lostPartitions = new HashSet<>();
  private int losses;

  private LostFrames(RunFolder run, Progress progress) {
    this.run = run;
    this.progress = progress;
  }

  private record InWork(FrameRef frame, boolean alone) {}

  /**
   * The work of a task, whichever attempt of it.
   *
   * @param stage Spark's number of the stage
   * @param number of the partition in it
   */
  record Partition(int stage, int number) {}

  /**
   * A loss as it is written.
   *
   * @param alone whether no other frame was in work
   */
  private record Loss(String path, @Nullable Long ptsUs, boolean alone) {}

  /** Returns the lost frames of a run, of which nothing is lost if it is new. */
  public static LostFrames of(RunFolder run, Progress progress) {
    LostFrames lost = new LostFrames(run, progress);
    for (String name : run.files(FOLDER)) {
      if (!name.matches("\\d+\\.json")) {
        continue;
      }
      Loss loss = RunJson.read(run.read(FOLDER + "/" + name), Loss.class);
      lost.mark(new FrameRef(loss.path, loss.ptsUs, null), loss.alone);
    }
    return lost;
  }

  /** Returns the same key for a frame, whatever is known of its number. */
  static String key(FrameRef frame) {
    return frame.ptsMicros() + " " + frame.uri();
  }

  /** Adds the frames that were in work when the process that wrote the run before ended. */
  public synchronized void addThoseLeft(Session session) {
    List<FramesInWork.Left> left = FramesInWork.left(run);
    Map<Integer, FrameRef> frames =
        left.isEmpty()
            ? Map.of()
            : FrameListing.frames(
                session, run, left.stream().map(FramesInWork.Left::index).toList());
    List<String> suspects = new ArrayList<>();
    for (FramesInWork.Left frame : left) {
      FrameRef ref = frames.get(frame.index());
      if (ref != null && lose(ref, frame.alone()) == Standing.SUSPECT) {
        suspects.add(ref.uri());
      }
    }
    if (!suspects.isEmpty()) {
      progress.say(
          "%s in work when the process ended will be predicted alone: %s%s"
              .formatted(
                  Words.count(suspects.size(), "frame"),
                  String.join(", ", suspects.subList(0, Math.min(MOST_NAMED, suspects.size()))),
                  suspects.size() > MOST_NAMED ? ", ..." : ""));
    }
    FramesInWork.forget(run);
  }

  /** Watches the frames in work until it is closed. */
  public interface Watching extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Starts to watch the frames in work: of this JVM, or of the executors.
   *
   * @param listed the number of frames that the run lists
   */
  public Watching watch(Session session, int listed) {
    return watch(session, 0, listed);
  }

  /**
   * Starts to watch the frames in work: of this JVM, or of the executors.
   *
   * @param first the index of the first of these frames
   * @param frames the number of frames from there on
   */
  public Watching watch(Session session, int first, int frames) {
    if (session.isLocal()) {
      return FramesInWork.start(run, first, frames);
    }
    QuarantinePlugin.setLost(this);
    return () -> QuarantinePlugin.setLost(null);
  }

  /** Returns what the tasks that start now are told. */
  public synchronized Guard guard() {
    return new Guard(standings);
  }

  synchronized Standing standing(FrameRef frame) {
    return standings.getOrDefault(key(frame), Standing.CLEAR);
  }

  /** Returns whether an executor ended while it worked on this partition. */
  synchronized boolean isLost(Partition partition) {
    return lostPartitions.contains(partition);
  }

  synchronized void begin(String executor, long task, FrameRef frame, boolean alone) {
    inWork.computeIfAbsent(executor, unused -> new HashMap<>()).put(task, new InWork(frame, alone));
  }

  /** Notes that the task works on no frame. */
  synchronized void end(String executor, long task) {
    Map<Long, InWork> tasks = inWork.get(executor);
    InWork done = tasks == null ? null : tasks.remove(task);
    if (done != null && done.alone) {
      standings.remove(key(done.frame), Standing.SUSPECT);
    }
  }

  /** Notes that an executor ended for a reason that has nothing to do with its frames. */
  synchronized void forget(String executor) {
    inWork.remove(executor);
  }

  /** Notes that an executor ended, and with it a task. */
  synchronized void lost(String executor, Partition partition) {
    lostPartitions.add(partition);
    Map<Long, InWork> tasks = inWork.remove(executor);
    if (tasks == null) {
      return;
    }
    for (InWork frame : tasks.values()) {
      if (lose(frame.frame, frame.alone) == Standing.SUSPECT) {
        progress.say(
            "executor %s ended while %s was in work; it will be predicted alone"
                .formatted(executor, frame.frame.uri()));
      }
    }
  }

  private Standing lose(FrameRef frame, boolean alone) {
    Standing now = mark(frame, alone);
    if (now == Standing.QUARANTINED) {
      progress.say(
          "%s is quarantined: two processes ended while they predicted it, the second one alone; its row is an error"
              .formatted(frame.uri()));
    }
    String name = "%s/%04d.json".formatted(FOLDER, losses);
    run.write(
        name,
        "{\"path\":%s,\"pts_us\":%d,\"alone\":%s}\n"
            .formatted(RunJson.string(frame.uri()), frame.ptsMicros(), alone));
    return now;
  }

  private Standing mark(FrameRef frame, boolean alone) {
    losses++;
    Standing now = alone ? Standing.QUARANTINED : Standing.SUSPECT;
    return standings.merge(key(frame), now, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }
}
