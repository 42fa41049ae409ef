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
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.util.LongAccumulator;

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

  VideoSource(FrameSource files, Settings.Frames settings, VideoIndex index) {
    this.files = files;
    this.settings = settings;
    this.index = index;
  }

  @Override
  public FrameSource prepare() {
    var unused = files.prepare();
    return this;
  }

  @Override
  public FramePlan plan(Session session, Progress progress) {
    return frames(files.plan(session, progress), session, progress);
  }

  @Override
  public Sample sample(Session session, int most, Progress progress) {
    Sample sample = files.sample(session, most, progress);
    if (sample.frames().frames().stream().noneMatch(VideoFiles::isVideo)) {
      return sample;
    }
    FramePlan all = plan(session, progress);
    return new Sample(
        FrameSet.listed(
            all.collect(most).frames().stream().filter(frame -> !frame.isUnreadable()).toList()),
        all.size());
  }

  private FramePlan frames(FramePlan plan, Session session, Progress progress) {
    long videos =
        plan instanceof FrameSet few
            ? few.frames().stream().filter(VideoFiles::isVideo).count()
            : ((DistributedFrames) plan)
                .frames()
                .filter(listed -> VideoFiles.isVideo(listed.frame()))
                .count();
    if (videos == 0) {
      return plan;
    }
    int tasks = Math.min(plan.size(), TASKS_A_SLOT * Math.max(1, session.slots()));
    JavaRDD<Listed> listed =
        plan instanceof FrameSet few
            ? session
                .context()
                .parallelize(
                    few.frames().stream().map(file -> new Listed(file, null)).toList(), tasks)
            : ((DistributedFrames) plan).frames().sortBy(file -> file.frame().index(), true, tasks);
    DistributedFrames frames = expanded(listed, videos, session, progress).with(plan.manifest());
    return plan instanceof FrameSet && frames.size() <= MOST_ON_DRIVER ? frames.collect() : frames;
  }

  private DistributedFrames expanded(
      JavaRDD<Listed> files, long videos, Session session, Progress progress) {
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
    say(parts, videos, seconds, progress);
    int taken = Math.toIntExact(settings.limit() > 0 ? Math.min(settings.limit(), size) : size);
    int[] first = new int[parts.size()];
    for (int i = 1; i < first.length; i++) {
      first[i] = Math.toIntExact(first[i - 1] + parts.get(i - 1).frames());
    }
    JavaRDD<Listed> frames =
        found
            .mapPartitionsWithIndex((part, some) -> new Frames(expand, some, first[part]), true)
            .filter(listed -> listed.frame().index() < taken);
    DistributedFrames held = DistributedFrames.hold(frames, taken);
    found.unpersist(false);
    return held;
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
    parts.stream().flatMap(part -> part.notes().stream()).limit(MOST_NOTES).forEach(progress::say);
  }

  /** What a partition has found. */
  private record Part(long frames, long ofVideos, long readBytes, List<String> notes)
      implements Serializable {
    static Iterator<Part> of(Iterator<Found> found) {
      long frames = 0;
      long ofVideos = 0;
      long readBytes = 0;
      List<String> notes = new ArrayList<>();
      while (found.hasNext()) {
        Found one = found.next();
        frames += one.frames();
        VideoListing video = one.video();
        if (video != null) {
          ofVideos += one.taken().length;
          readBytes += video.findings().readBytes();
          notes.addAll(VideoFrames.notes(List.of(one), MOST_NOTES - notes.size()));
        }
      }
      return List.of(new Part(frames, ofVideos, readBytes, notes)).iterator();
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
