package io.tandem.run;

import io.tandem.conf.AutoInt;
import io.tandem.conf.VideoOutput;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FileBytes;
import io.tandem.frame.FrameException;
import io.tandem.frame.HadoopByteSource;
import io.tandem.frame.Picture;
import io.tandem.frame.SegmentPictures;
import io.tandem.frame.SegmentWriter;
import io.tandem.frame.VideoJoiner;
import io.tandem.source.Frame;
import io.tandem.source.StorageException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.jspecify.annotations.Nullable;

/**
 * Joins the segments of one video, on an executor. It is written to a local file first, because MP4
 * needs seeking, which object stores lack; then its segments are removed.
 */
final class VideoJoin {
  private final VideoFolder folder;
  private final Configuration hadoop;
  private final ByteSource files;

  VideoJoin(VideoFolder folder, Configuration hadoop, double timeoutSeconds) {
    this.folder = folder;
    this.hadoop = hadoop;
    this.files = new HadoopByteSource(hadoop, AutoInt.AUTO, timeoutSeconds);
  }

  /**
   * The frames of a video that a run has committed.
   *
   * @param failed how many of them have an error instead of a picture
   */
  record Video(String source, long frames, long failed) implements Serializable {}

  /**
   * What became of a video.
   *
   * @param problem why it was not written; null if it was
   * @param leftOut what of its source is missing
   */
  record Outcome(Video video, @Nullable String problem, List<String> leftOut)
      implements Serializable {
    Outcome {
      leftOut = new ArrayList<>(leftOut);
    }
  }

  /**
   * Joins a video.
   *
   * @throws StorageException if it cannot be written
   */
  Outcome join(Video video) {
    Path path = folder.videoPath(video.source());
    java.nio.file.Path local = null;
    boolean isWhole = false;
    try {
      if (isJoined(video)) {
        return new Outcome(video, null, List.of());
      }
      local = local(video);
      List<String> leftOut = new ArrayList<>();
      write(video, local, leftOut);
      isWhole = true;
      publish(local, path);
      Path segments = folder.segments(video.source());
      WholeFile.fileSystem(segments, hadoop).delete(segments, true);
      return new Outcome(video, null, leftOut);
    } catch (FrameException e) {
      return new Outcome(video, e.getMessage(), List.of());
    } catch (IOException | FSError e) {
      throw new StorageException("cannot write " + (local == null || isWhole ? path : local), e);
    } finally {
      delete(local);
    }
  }

  /** Returns whether a run that was resumed has joined it before. */
  private boolean isJoined(Video video) throws IOException {
    Path path = folder.videoPath(video.source());
    return folder.list(video.source(), hadoop).isEmpty()
        && WholeFile.fileSystem(path, hadoop).exists(path);
  }

  private static void delete(java.nio.file.@Nullable Path local) {
    try {
      if (local != null) {
        Files.deleteIfExists(local);
      }
    } catch (IOException e) {
      // A temporary file stays.
    }
  }

  /** Returns a local file, beside the video if that is local, so that it only has to be renamed. */
  private java.nio.file.Path local(Video video) throws IOException {
    Path path = folder.videoPath(video.source());
    String ending = "." + folder.settings().container().ending();
    return WholeFile.fileSystem(path, hadoop) instanceof RawLocalFileSystem raw
        ? Files.createTempFile(raw.pathToFile(path.getParent()).toPath(), "_joined", ending)
        : Files.createTempFile("tandem", ending);
  }

  private void publish(java.nio.file.Path local, Path path) throws IOException {
    FileSystem fs = WholeFile.fileSystem(path, hadoop);
    if (fs instanceof RawLocalFileSystem) {
      // A temporary file is its owner's alone.
      FsPermission umask = FsPermission.getUMask(hadoop);
      fs.setPermission(new Path(local.toUri()), FsPermission.getFileDefault().applyUMask(umask));
      WholeFile.rename(fs, new Path(local.toUri()), path);
      return;
    }
    try (InputStream from = Files.newInputStream(local);
        WholeFile file = WholeFile.create(path, hadoop)) {
      from.transferTo(file.out());
      file.commit();
    }
  }

  private void write(Video video, java.nio.file.Path local, List<String> leftOut)
      throws IOException, FrameException {
    List<VideoFolder.Segment> segments = folder.list(video.source(), hadoop);
    if (segments.isEmpty()) {
      throw new FrameException("its segments are missing in %s".formatted(folder.segments()));
    }
    if (segments.stream().allMatch(VideoFolder.Segment::isBlank)) {
      throw new FrameException("none of its frames has a picture");
    }
    FileBytes source = source(video, leftOut);
    try (VideoJoiner joiner = joiner(local, source, leftOut)) {
      for (int i = 0; i < segments.size(); i++) {
        joiner.add(segments.get(i).isBlank() ? filled(segments, i) : bytes(segments.get(i)));
      }
      VideoJoiner.Joined joined = joiner.finish();
      if (joined.frames() != video.frames()) {
        throw new FrameException(
            "its segments have %,d frames, and the run has committed %,d"
                .formatted(joined.frames(), video.frames()));
      }
      leftOut.addAll(joined.leftOut());
    }
  }

  private VideoJoiner joiner(
      java.nio.file.Path local, @Nullable FileBytes source, List<String> leftOut)
      throws FrameException {
    VideoOutput settings = folder.settings();
    try {
      return VideoJoiner.to(local, settings.container(), source);
    } catch (FrameException e) {
      leftOut.add("its sound: " + e.getMessage());
      return VideoJoiner.to(local, settings.container(), null);
    }
  }

  private @Nullable FileBytes source(Video video, List<String> leftOut) {
    try {
      Path path = new Path(video.source());
      long length = path.getFileSystem(hadoop).getFileStatus(path).getLen();
      return files.open(Frame.image(video.source(), length, null, 0));
    } catch (IOException | FrameException e) {
      leftOut.add("its sound: " + StorageException.why(e));
      return null;
    }
  }

  private FileBytes bytes(VideoFolder.Segment segment) throws FrameException {
    return files.open(Frame.image(segment.path().toString(), segment.length(), null, 0));
  }

  /**
   * Returns frames without pictures as a segment: they show the last picture before them, or the
   * first one after them.
   */
  private FileBytes filled(List<VideoFolder.Segment> segments, int blank)
      throws IOException, FrameException {
    Picture picture = null;
    for (int i = blank - 1; i >= 0 && picture == null; i--) {
      picture = segments.get(i).isBlank() ? null : SegmentPictures.last(bytes(segments.get(i)));
    }
    for (int i = blank + 1; picture == null; i++) {
      picture = segments.get(i).isBlank() ? null : SegmentPictures.first(bytes(segments.get(i)));
    }
    List<Long> times = times(segments.get(blank));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    VideoOutput settings = folder.settings();
    try (SegmentWriter writer =
        new SegmentWriter(out, settings.codec(), settings.quality(), times.get(0))) {
      writer.add(picture, times.get(1));
      for (long time : times.subList(2, times.size())) {
        writer.repeat(time);
      }
      writer.finish();
    }
    return FileBytes.of(out.toByteArray());
  }

  /** Returns the clock of the source, and the times of the frames. */
  private List<Long> times(VideoFolder.Segment blank) throws IOException {
    try (InputStream in = WholeFile.fileSystem(blank.path(), hadoop).open(blank.path())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(Long::parseLong)
          .toList();
    }
  }
}
