package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.source.DistributedFrames.Listed;
import io.tandem.source.VideoFrames.Found;
import io.tandem.spark.Progress;
import io.tandem.spark.ProgressTicker;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/** The frames of another source, whose videos are replaced by their frames: by the executors. */
final class VideoSource implements FrameSource {
  /** The tasks for each slot, so that long videos do not hold up a task with many others. */
  private static final int TASKS_A_SLOT = 8;

  /** Above it the executors hold the frames. */
  private static final int MOST_ON_DRIVER = 200_000;

  private static final int MOST_NOTES = 3;

  /** The number of videos from which progress is shown. */
  private static final int MANY = 100;

  private final FrameSource files;
  private final Settings.Frames settings;
  private final VideoIndex index;
  private final boolean mayBeEmpty;

  /**
   * Creates the source.
   *
   * @param mayBeEmpty whether it is right that no frame of the files is chosen
   */
  VideoSource(FrameSource files, Settings.Frames settings, VideoIndex index, boolean mayBeEmpty) {
    this.files = files;
    this.settings = settings;
    this.index = index;
    this.mayBeEmpty = mayBeEmpty;
  }

  @Override
  public FrameSource prepare() {
    var unused = files.prepare();
    return this;
  }

  @Override
  public @Nullable StructType columns(Session session) {
    return files.columns(session);
  }

  @Override
  public FramePlan plan(Session session, Progress progress) {
    FramePlan frames = frames(files.plan(session, progress), session, progress);
    if (frames.size() == 0 && !mayBeEmpty) {
      boolean isOfRows = settings.manifest() != null;
      throw new FramesException(
          isOfRows ? "frames.manifest" : "frames.video.start",
          isOfRows
              ? "no frame of its videos is between the times of the columns start and end"
              : "no frame of the videos is chosen by frames.video.*, such as frames.video.start and .end");
    }
    return frames;
  }

  @Override
  public Sample sample(Session session, int most, Progress progress) {
    Sample sample = files.sample(session, most, progress);
    if (!sample.hasVideos()) {
      return sample;
    }
    FramePlan all = plan(session, progress);
    return new Sample(
        FrameSet.listed(
            all.collect(most).frames().stream().filter(frame -> !frame.isUnreadable()).toList()),
        all.size(),
        false);
  }

  private FramePlan frames(FramePlan plan, Session session, Progress progress) {
    if (plan instanceof FrameSet few) {
      List<Frame> all = few.frames();
      int videos = (int) all.stream().filter(VideoFiles::isVideo).count();
      if (videos == 0) {
        return plan;
      }
      List<List<Listed>> files = all.stream().map(file -> List.of(new Listed(file, null))).toList();
      JavaRDD<List<Listed>> listed =
          session.context().parallelize(files, tasks(plan.size(), session));
      DistributedFrames frames = expanded(listed, videos, false, session, progress);
      return frames.size() <= MOST_ON_DRIVER ? frames.collect() : frames;
    }
    JavaRDD<Listed> listed = ((DistributedFrames) plan).frames();
    JavaRDD<Frame> videos =
        listed.map(Listed::frame).filter(file -> VideoFiles.isVideo(file.path()));
    long named = videos.count();
    if (named == 0) {
      return plan;
    }
    int tasks = tasks(plan.size(), session);
    boolean isRepeated =
        plan.manifest() != null && videos.map(Frame::path).distinct().count() < named;
    JavaRDD<List<Listed>> files =
        isRepeated
            ? byFile(listed, tasks)
            : listed
                .map(VideoSource::alone)
                .sortBy(rows -> rows.get(0).frame().index(), true, tasks);
    long readable = videos.filter(VideoFiles::isVideo).map(Frame::path).distinct().count();
    return expanded(files, readable, isRepeated, session, progress).with(plan.manifest());
  }

  private static int tasks(int files, Session session) {
    return Math.min(files, TASKS_A_SLOT * Math.max(1, session.slots()));
  }

  private static List<Listed> alone(Listed row) {
    return List.of(row);
  }

  /** Brings the rows of each video together: a frame that several of them name is taken once. */
  private static JavaRDD<List<Listed>> byFile(JavaRDD<Listed> listed, int tasks) {
    JavaRDD<List<Listed>> videos =
        listed
            .filter(row -> VideoFiles.isVideo(row.frame().path()))
            .keyBy(row -> row.frame().path())
            .groupByKey(tasks)
            .values()
            .map(VideoSource::sorted);
    return listed
        .filter(row -> !VideoFiles.isVideo(row.frame().path()))
        .map(VideoSource::alone)
        .union(videos);
  }

  private static List<Listed> sorted(Iterable<Listed> rows) {
    List<Listed> sorted = new ArrayList<>();
    rows.forEach(sorted::add);
    sorted.sort(Comparator.comparingInt(row -> row.frame().index()));
    return sorted;
  }

  private DistributedFrames expanded(
      JavaRDD<List<Listed>> files,
      long videos,
      boolean isRepeated,
      Session session,
      Progress progress) {
    LongAccumulator done = session.spark().sparkContext().longAccumulator("videos");
    VideoFrames expand = new VideoFrames(index, settings.video(), session.broadcastHadoop());
    JavaRDD<Found> found =
        files
            .map(expand)
            .map(
                one -> {
                  done.add(one.video() == null ? 0 : 1);
                  return one;
                })
            .persist(StorageLevel.MEMORY_AND_DISK_SER());
    long from = System.nanoTime();
    List<Part> parts;
    if (videos < MANY) {
      parts = found.mapPartitions(Part::of).collect();
    } else {
      try (ProgressTicker ticker = ProgressTicker.start(progress, done::value, videos, "videos")) {
        parts = found.mapPartitions(Part::of).collect();
        ticker.finish();
      }
    }
    double seconds = (System.nanoTime() - from) / 1e9;
    long size = parts.stream().mapToLong(Part::frames).sum();
    if (videos > 0) {
      say(parts, videos, seconds, progress);
    }
    int taken = Math.toIntExact(settings.limit() > 0 ? Math.min(settings.limit(), size) : size);
    JavaRDD<Listed> frames = isRepeated ? inRowOrder(found, expand) : inOrder(found, expand, parts);
    JavaRDD<Listed> first = frames.filter(listed -> listed.frame().index() < taken);
    DistributedFrames held = DistributedFrames.hold(first, taken);
    found.unpersist(false);
    return held;
  }

  private static JavaRDD<Listed> inOrder(
      JavaRDD<Found> found, VideoFrames expand, List<Part> parts) {
    int[] first = new int[parts.size()];
    for (int i = 1; i < first.length; i++) {
      first[i] = Math.toIntExact(first[i - 1] + parts.get(i - 1).frames());
    }
    return found.mapPartitionsWithIndex(
        (part, some) -> new Frames(expand, some, first[part]), true);
  }

  private static JavaRDD<Listed> inRowOrder(JavaRDD<Found> found, VideoFrames expand) {
    return found
        .flatMapToPair(expand::byRow)
        .sortByKey()
        .values()
        .zipWithIndex()
        .map(
            placed ->
                new Listed(
                    placed._1().frame().at(Math.toIntExact(placed._2())), placed._1().columns()));
  }

  private static void say(List<Part> parts, long videos, double seconds, Progress progress) {
    long frames = parts.stream().mapToLong(Part::ofVideos).sum();
    long bytes = parts.stream().mapToLong(Part::readBytes).sum();
    progress.say(
        String.format(
            Locale.ROOT,
            "%s of %s listed in %.1f s, reading %.1f MB",
            Words.count(frames, "frame"),
            Words.count(videos, "video"),
            seconds,
            bytes / 1e6));
    long repeated = parts.stream().mapToLong(Part::repeated).sum();
    if (repeated > 0) {
      progress.say(
          "%s of videos %s named by several rows of the manifest; each is predicted once, with the columns of the first one"
              .formatted(Words.count(repeated, "frame"), repeated == 1 ? "is" : "are"));
    }
    parts.stream().flatMap(part -> part.notes().stream()).limit(MOST_NOTES).forEach(progress::say);
  }

  /** What a partition has found. */
  private record Part(long frames, long ofVideos, long repeated, long readBytes, List<String> notes)
      implements Serializable {
    static Iterator<Part> of(Iterator<Found> found) {
      long frames = 0;
      long ofVideos = 0;
      long repeated = 0;
      long readBytes = 0;
      List<String> notes = new ArrayList<>();
      while (found.hasNext()) {
        Found one = found.next();
        frames += one.frames();
        VideoListing video = one.video();
        if (video != null) {
          ofVideos += one.taken().ranks().length;
          repeated += one.taken().repeated();
          readBytes += video.findings().readBytes();
        }
        String note = one.note();
        if (note != null && notes.size() < MOST_NOTES) {
          notes.add(note);
        }
      }
      return List.of(new Part(frames, ofVideos, repeated, readBytes, notes)).iterator();
    }
  }

  /** The frames of a partition. */
  private static final class Frames implements Iterator<Listed> {
    private final VideoFrames expand;
    private final Iterator<Found> files;
    private int next;
    private Iterator<Listed> frames = List.<Listed>of().iterator();

    Frames(VideoFrames expand, Iterator<Found> files, int first) {
      this.expand = expand;
      this.files = files;
      this.next = first;
    }

    @Override
    public boolean hasNext() {
      while (!frames.hasNext() && files.hasNext()) {
        Found file = files.next();
        frames = expand.frames(file, next);
        next += file.frames();
      }
      return frames.hasNext();
    }

    @Override
    public Listed next() {
      return hasNext() ? frames.next() : List.<Listed>of().iterator().next();
    }
  }
}
