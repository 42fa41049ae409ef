package io.tandem.source;

import io.tandem.conf.VideoSettings;
import io.tandem.source.DistributedFrames.Listed;
import io.tandem.spark.HadoopConf;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.Function;
import org.jspecify.annotations.Nullable;

/** Replaces a video file by its frames; an image stays what it is. */
public final class VideoFrames implements Function<Listed, VideoFrames.Found> {
  private static final long serialVersionUID = 1L;

  private final VideoIndex index;
  private final VideoSettings settings;
  private final HadoopConf hadoop;

  VideoFrames(VideoIndex index, VideoSettings settings, HadoopConf hadoop) {
    this.index = index;
    this.settings = settings;
    this.hadoop = hadoop;
  }

  /**
   * A file and the frames that are taken of it.
   *
   * @param video null for an image
   * @param taken the ranks of the frames; empty for an image
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes it.
  record Found(Listed file, @Nullable VideoListing video, int[] taken, long nanos)
      implements Serializable {
    /** Returns how many frames it stands for: a problem is a row too. */
    int frames() {
      return video == null ? 1 : taken.length + (video.findings().problem() == null ? 0 : 1);
    }
  }

  /** Returns the frames of a video file in order, with indexes from 0 on. */
  public static List<Frame> of(
      Frame file, VideoIndex index, VideoSettings settings, HadoopConf hadoop) {
    VideoFrames expand = new VideoFrames(index, settings, hadoop);
    List<Frame> frames = new ArrayList<>();
    expand
        .frames(expand.call(new Listed(file, null)), 0)
        .forEachRemaining(listed -> frames.add(listed.frame()));
    return frames;
  }

  @Override
  public Found call(Listed listed) {
    if (!VideoFiles.isVideo(listed.frame())) {
      return new Found(listed, null, new int[0], 0);
    }
    long from = System.nanoTime();
    VideoListing video = index.list(listed.frame(), hadoop.get());
    int[] taken;
    try {
      taken = new VideoSelection(settings).of(video, listed.columns());
    } catch (IllegalArgumentException e) {
      video = VideoListing.unreadable(String.valueOf(e.getMessage()), video.findings().readBytes());
      taken = new int[0];
    }
    return new Found(listed, video, taken, System.nanoTime() - from);
  }

  /**
   * Returns the frames of a file.
   *
   * @param first the index of the first one
   */
  Iterator<Listed> frames(Found found, int first) {
    Listed file = found.file;
    VideoListing video = found.video;
    if (video == null) {
      return List.of(new Listed(file.frame().at(first), file.columns())).iterator();
    }
    Runs runs = new Runs(video, settings);
    Stream<Listed> frames =
        IntStream.range(0, found.taken.length)
            .mapToObj(
                i ->
                    new Listed(
                        runs.frame(file.frame(), found.taken[i], first + i), file.columns()));
    String problem = video.findings().problem();
    return problem == null
        ? frames.iterator()
        : Stream.concat(
                frames,
                Stream.of(
                    new Listed(
                        lost(file.frame(), problem, first + found.taken.length), file.columns())))
            .iterator();
  }

  /** Returns the frame that stands for those of a video that cannot be listed. */
  private static Frame lost(Frame file, String problem, int index) {
    return new Frame(
        new FrameRef(file.path(), null, null),
        file.length(),
        file.modifiedAtMillis(),
        index,
        problem,
        null);
  }

  /** The runs of a video, made when the first of their frames is asked for. */
  private static final class Runs {
    private final VideoListing video;
    private final VideoSettings settings;
    private final int[] segments;
    private int current = -1;
    private @Nullable VideoRun run;

    Runs(VideoListing video, VideoSettings settings) {
      this.video = video;
      this.settings = settings;
      this.segments = segments(video, settings.segmentSeconds());
    }

    private static int[] segments(VideoListing video, double seconds) {
      List<VideoListing.Keyframe> keyframes = video.keyframes();
      int[] segments = new int[keyframes.size()];
      long start = keyframes.isEmpty() ? 0 : keyframes.get(0).micros();
      for (int i = 1; i < segments.length; i++) {
        boolean isApart = keyframes.get(i).micros() - start >= seconds * 1e6;
        segments[i] = segments[i - 1] + (isApart ? 1 : 0);
        start = isApart ? keyframes.get(i).micros() : start;
      }
      return segments;
    }

    /** Returns a frame; ranks must ascend from call to call. */
    Frame frame(Frame file, int rank, int index) {
      List<VideoListing.Keyframe> keyframes = video.keyframes();
      int at = Math.max(0, current);
      while (at + 1 < keyframes.size() && keyframes.get(at + 1).first() <= rank) {
        at++;
      }
      VideoRun of = run;
      if (of == null || at != current) {
        current = at;
        of = run(at);
        run = of;
      }
      long clock = video.micros(0);
      Long number = rank < video.findings().numbered() ? Long.valueOf(rank) : null;
      return new Frame(
          new FrameRef(file.path(), video.micros(rank) - clock, number),
          file.length(),
          file.modifiedAtMillis(),
          index,
          null,
          of);
    }

    private VideoRun run(int at) {
      List<VideoListing.Keyframe> keyframes = video.keyframes();
      VideoListing.Keyframe key = keyframes.get(at);
      int end = at + 1 < keyframes.size() ? keyframes.get(at + 1).first() : video.size();
      return new VideoRun(
          at,
          segments[at],
          key.first(),
          video.isTimed() ? key.micros() : null,
          key.seek(),
          (int) Math.min(Integer.MAX_VALUE, key.bytes() / Math.max(1, end - key.first())),
          video.micros(0),
          settings.keyframesOnly());
    }
  }

  /** Returns the notes of some files, at most {@code most}. */
  static List<String> notes(List<Found> found, int most) {
    List<String> notes = new ArrayList<>();
    for (Found one : found) {
      String note = one.video == null ? null : one.video.findings().note();
      if (note != null && notes.size() < most) {
        notes.add(one.file.frame().path() + " " + note);
      }
    }
    return notes;
  }
}
