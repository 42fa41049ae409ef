package io.tandem.run;

import io.tandem.conf.VideoOutput;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The folder {@code videos/} of a run: a file for each video, and until the run ends a folder of
 * segments for each. Names follow from the source and the time of a segment's first frame, so that
 * a repeated task writes the same file again.
 *
 * @param folder its path, with the scheme
 */
record VideoFolder(String folder, VideoOutput settings) implements Serializable {
  static final String NAME = "videos";

  private static final String SEGMENTS = "_segments";

  /** Frames of which none has a picture: only their times are written. */
  private static final String BLANK = ".times";

  private static final String ENCODED = ".nut";

  /**
   * A segment that was written.
   *
   * @param firstMicros the time of its first frame
   * @param isBlank whether it has times only, one a line, and the clock of the source before them
   */
  record Segment(Path path, long length, long firstMicros, boolean isBlank)
      implements Serializable {}

  /** Returns the videos of a run. */
  static VideoFolder of(RunFolder run, VideoOutput settings) {
    return new VideoFolder(run.path(NAME), settings);
  }

  /** Returns the path of a video made of a source, relative to the run folder. */
  String video(String source) {
    return NAME + "/" + fileName(source);
  }

  /** Returns the full path of that video. */
  Path videoPath(String source) {
    return new Path(folder, fileName(source));
  }

  private String fileName(String source) {
    return PictureFolder.nameOf(source) + "." + settings.container().ending();
  }

  /** Returns the folder of the segments of all videos. */
  Path segments() {
    return new Path(folder, SEGMENTS);
  }

  /** Returns the folder of the segments of a source. */
  Path segments(String source) {
    return new Path(segments(), PictureFolder.nameOf(source));
  }

  /** Returns the path of the segment that begins with a frame. */
  Path segment(String source, long firstMicros, boolean isBlank) {
    return new Path(segments(source), "%015d%s".formatted(firstMicros, isBlank ? BLANK : ENCODED));
  }

  /** Returns the segments of a source, in order. */
  List<Segment> list(String source, Configuration hadoop) throws IOException {
    return list(segments(source), hadoop);
  }

  /** Returns the segments in a folder, in order; files that are not whole are not among them. */
  static List<Segment> list(Path folder, Configuration hadoop) throws IOException {
    FileSystem fs = WholeFile.fileSystem(folder, hadoop);
    List<Segment> segments = new ArrayList<>();
    if (fs.exists(folder)) {
      for (FileStatus file : fs.listStatus(folder)) {
        String name = file.getPath().getName();
        if (name.matches("[0-9]+(\\.nut|\\.times)")) {
          segments.add(
              new Segment(
                  file.getPath(),
                  file.getLen(),
                  Long.parseLong(name.replaceFirst("\\..*", "")),
                  name.endsWith(BLANK)));
        }
      }
    }
    segments.sort(Comparator.comparingLong(Segment::firstMicros));
    return segments;
  }
}
