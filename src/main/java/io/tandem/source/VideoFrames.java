package io.tandem.source;

import io.tandem.conf.VideoSettings;
import io.tandem.source.DistributedFrames.Listed;
import io.tandem.spark.HadoopConf;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * Replaces the rows of a video file by its frames, each of them once; an image stays what it is.
 */
public final class VideoFrames implements Function<List<Listed>, VideoFrames.Found> {
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
   * @param rows the rows that name it, in order; one, unless a manifest names a video again
   * @param video null for a file that stays what it is
   */
  record Found(List<Listed> rows, @Nullable VideoListing video, Taken taken)
      implements Serializable {
    /** Returns how many frames it stands for: a problem is a row too. */
    int frames() {
      return video == null ? 1 : taken.ranks.length + (taken.problem == null ? 0 : 1);
    }

    /** Returns the file. */
    Frame file() {
      return rows.get(0).frame();
    }

    /** Returns a sentence on its pictures; null if there is nothing to say. */
    @Nullable String note() {
      String note = video == null ? null : video.findings().note();
      return note == null ? null : file().path() + " " + note;
    }
  }

  /**
   * The frames that are taken of a video.
   *
   * @param ranks the ranks of the frames, ascending
   * @param rows the position of the first row that names each of them
   * @param repeated how many of them are named by several rows
   * @param problem why frames are missing; null if none is known to be
   */
  @SuppressWarnings("ArrayRecordComponent") // Nobody changes them.
  record Taken(int[] ranks, int[] rows, int repeated, @Nullable String problem)
      implements Serializable {
    static final Taken NONE = new Taken(new int[0], new int[0], 0, null);
  }

  /** Returns the frames of a video file in order, with indexes from 0 on. */
  public static List<Frame> of(
      Frame file, VideoIndex index, VideoSettings settings, HadoopConf hadoop) {
    VideoFrames expand = new VideoFrames(index, settings, hadoop);
    List<Frame> frames = new ArrayList<>();
    expand
        .frames(expand.call(List.of(new Listed(file, null))), 0)
        .forEachRemaining(listed -> frames.add(listed.frame()));
    return frames;
  }

  @Override
  public Found call(List<Listed> rows) {
    Frame file = rows.get(0).frame();
    if (!VideoFiles.isVideo(file)) {
      return new Found(rows, null, Taken.NONE);
    }
    VideoListing video = index.list(file, hadoop.get());
    return new Found(rows, video, taken(video, rows));
  }

  private Taken taken(VideoListing video, List<Listed> rows) {
    VideoSelection selection = new VideoSelection(settings);
    int[] firstRow = new int[video.size()];
    BitSet taken = new BitSet();
    BitSet again = new BitSet();
    Set<String> problems = new LinkedHashSet<>();
    for (int row = 0; row < rows.size(); row++) {
      try {
        for (int rank : selection.of(video, rows.get(row).columns())) {
          if (taken.get(rank)) {
            again.set(rank);
          } else {
            taken.set(rank);
            firstRow[rank] = row;
          }
        }
      } catch (IllegalArgumentException e) {
        problems.add(String.valueOf(e.getMessage()));
      }
    }
    String ofFile = video.findings().problem();
    if (ofFile != null) {
      problems.add(ofFile);
    }
    int[] ranks = taken.stream().toArray();
    return new Taken(
        ranks,
        IntStream.of(ranks).map(rank -> firstRow[rank]).toArray(),
        again.cardinality(),
        problems.isEmpty() ? null : String.join("; ", problems));
  }

  /**
   * Returns the frames of a file.
   *
   * @param first the index of the first one
   */
  Iterator<Listed> frames(Found found, int first) {
    Frame file = found.file();
    Row columns = found.rows.get(0).columns();
    VideoListing video = found.video;
    if (video == null) {
      return List.of(new Listed(file.at(first), columns)).iterator();
    }
    Runs runs = new Runs(video, settings);
    Taken taken = found.taken;
    Stream<Listed> frames =
        IntStream.range(0, taken.ranks.length)
            .mapToObj(
                i ->
                    new Listed(
                        runs.frame(file, taken.ranks[i], first + i),
                        found.rows.get(taken.rows[i]).columns()));
    String problem = taken.problem;
    return problem == null
        ? frames.iterator()
        : Stream.concat(
                frames,
                Stream.of(new Listed(lost(file, problem, first + taken.ranks.length), columns)))
            .iterator();
  }

  /**
   * Returns the frames of a file by where they belong in the order of a manifest: frames of one row
   * together, and what stands for those that cannot be listed at the end of the first row's.
   */
  Iterator<Tuple2<Long, Listed>> byRow(Found found) {
    List<Tuple2<Long, Listed>> placed = new ArrayList<>();
    Iterator<Listed> frames = frames(found, 0);
    int[] rowOf = found.taken.rows;
    while (frames.hasNext()) {
      int at = placed.size();
      Listed row = found.rows.get(at < rowOf.length ? rowOf[at] : 0);
      placed.add(new Tuple2<>(((long) row.frame().index() << Integer.SIZE) + at, frames.next()));
    }
    return placed.iterator();
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
      VideoRun own = run;
      if (own == null || at != current) {
        current = at;
        own = run(at);
        run = own;
      }
      long clock = video.micros(0);
      Long number = rank < video.findings().numbered() ? Long.valueOf(rank) : null;
      return new Frame(
          new FrameRef(file.path(), video.micros(rank) - clock, number),
          file.length(),
          file.modifiedAtMillis(),
          index,
          null,
          own);
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
}
