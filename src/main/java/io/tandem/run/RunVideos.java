package io.tandem.run;

import io.tandem.conf.VideoOutput;
import io.tandem.frame.FrameException;
import io.tandem.frame.Picture;
import io.tandem.frame.SegmentWriter;
import io.tandem.lane.DueFrame;
import io.tandem.lane.PictureSink;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.PictureStore;
import io.tandem.postprocess.StoredPicture;
import io.tandem.source.Frame;
import io.tandem.source.StorageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.jspecify.annotations.Nullable;

/**
 * Encodes the pictures of a video's frames where they are predicted: the frames of a video in one
 * task become one segment, which is there before the rows of the task. Pictures of images go to
 * {@code images}.
 */
record RunVideos(RunPictures images, VideoFolder folder) implements PictureSink {
  private static final long serialVersionUID = 1L;

  @Override
  public Opened open(Configuration hadoop) {
    return new OfLane(images.open(hadoop), hadoop);
  }

  /** The videos of one lane. */
  private final class OfLane implements Opened {
    private final Opened others;
    private final Configuration hadoop;
    private @Nullable Segment segment;

    OfLane(Opened others, Configuration hadoop) {
      this.others = others;
      this.hadoop = hadoop;
    }

    @Override
    public @Nullable PictureStore of(DueFrame due) {
      return due.frame().run() == null ? others.of(due) : picture -> put(due.frame(), picture);
    }

    private StoredPicture put(Frame frame, Picture picture) {
      Segment own = segmentOf(frame);
      try {
        own.add(frame, picture);
      } catch (IOException | FSError e) {
        throw own.failed(e);
      }
      return StoredPicture.inVideo(folder.video(frame.path()), picture.width(), picture.height());
    }

    @Override
    public void failed(DueFrame due) {
      if (due.frame().run() == null) {
        others.failed(due);
        return;
      }
      Segment own = segmentOf(due.frame());
      try {
        own.skip(due.frame());
      } catch (IOException | FSError e) {
        throw own.failed(e);
      }
    }

    private Segment segmentOf(Frame frame) {
      Segment open = segment;
      if (open == null || !open.isContinuedBy(frame)) {
        finishSegment();
        open = new Segment(frame, hadoop);
        segment = open;
      }
      return open;
    }

    @Override
    public void finish() {
      others.finish();
      finishSegment();
    }

    private void finishSegment() {
      Segment open = segment;
      if (open == null) {
        return;
      }
      try {
        open.finish();
      } catch (IOException | FSError e) {
        throw open.failed(e);
      }
      open.close();
      segment = null;
    }

    @Override
    public void close() {
      try (others) {
        if (segment != null) {
          segment.close();
          segment = null;
        }
      }
    }
  }

  /** The frames of a video that one task predicts. */
  private final class Segment implements AutoCloseable {
    private final String source;
    private final long clock;
    private final long first;
    private final Configuration hadoop;
    private long last = -1;

    /** The frames before the first one with a picture. */
    private final List<Long> waiting = new ArrayList<>();

    private @Nullable WholeFile file;
    private @Nullable SegmentWriter writer;

    Segment(Frame frame, Configuration hadoop) {
      this.source = frame.path();
      this.clock = Objects.requireNonNull(frame.run(), "run").clock();
      this.first = time(frame);
      this.hadoop = hadoop;
    }

    private static long time(Frame frame) {
      return Objects.requireNonNull(frame.ref().ptsMicros(), "time");
    }

    /**
     * Returns whether a frame comes after those so far: a manifest may list several time ranges.
     */
    boolean isContinuedBy(Frame frame) {
      return source.equals(frame.path()) && time(frame) > last;
    }

    /** Adds a picture; the frames without one before it show it too, if they are the first. */
    void add(Frame frame, Picture picture) throws IOException {
      SegmentWriter open = writer;
      try {
        if (open == null) {
          open = open();
          writer = open;
        }
        List<Long> times = new ArrayList<>(waiting);
        times.add(time(frame));
        open.add(picture, times.get(0));
        last = time(frame);
        waiting.clear();
        for (long next : times.subList(1, times.size())) {
          open.repeat(next);
        }
      } catch (FrameException e) {
        if (open != null && open.frames() > 0) {
          throw new IllegalStateException(
              "%s cannot be encoded: %s".formatted(source, e.getMessage()), e);
        }
        throw new InvalidResultException(String.valueOf(e.getMessage()));
      }
    }

    /** Adds a frame without a picture: it shows the one before. */
    void skip(Frame frame) throws IOException {
      last = time(frame);
      SegmentWriter open = writer;
      if (open == null || open.frames() == 0) {
        waiting.add(time(frame));
        return;
      }
      try {
        open.repeat(time(frame));
      } catch (FrameException e) {
        throw new IllegalStateException(
            "%s cannot be encoded: %s".formatted(source, e.getMessage()), e);
      }
    }

    private SegmentWriter open() throws IOException {
      WholeFile created = WholeFile.create(folder.segment(source, first, false), hadoop);
      file = created;
      VideoOutput settings = folder.settings();
      return new SegmentWriter(created.out(), settings.codec(), settings.quality(), clock);
    }

    void finish() throws IOException {
      SegmentWriter open = writer;
      if (open == null || open.frames() == 0) {
        finishBlank();
        return;
      }
      try {
        open.finish();
      } catch (FrameException e) {
        throw new IllegalStateException(
            "%s cannot be encoded: %s".formatted(source, e.getMessage()), e);
      }
      Objects.requireNonNull(file, "file").commit();
    }

    private void finishBlank() throws IOException {
      String times =
          waiting.stream()
              .map(time -> time + "\n")
              .collect(Collectors.joining("", clock + "\n", ""));
      try (WholeFile blank = WholeFile.create(folder.segment(source, first, true), hadoop)) {
        blank.out().write(times.getBytes(StandardCharsets.UTF_8));
        blank.commit();
      }
    }

    StorageException failed(Throwable e) {
      return new StorageException(
          "cannot write " + folder.segment(source, first, false).getParent(), e);
    }

    @Override
    public void close() {
      SegmentWriter encoding = writer;
      WholeFile dropped = file;
      try (dropped;
          encoding) {
        writer = null;
        file = null;
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }
}
