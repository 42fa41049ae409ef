package io.tandem.frame;

import io.tandem.source.Frame;
import io.tandem.source.VideoRun;
import java.util.Objects;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Decodes frames of videos in the order in which they are asked for: those of a run one after the
 * other, without decoding a frame twice. If something is damaged, all frames of its run that have
 * not been decoded before are lost, because each may depend on it. Holds native memory until
 * closed; not thread-safe.
 */
final class VideoReader implements AutoCloseable {
  private final long maxPixels;

  private @Nullable String path;
  private @Nullable VideoStream stream;

  /** Why the file is not open. */
  private @Nullable FrameException unopened;

  /** The frame that was asked for last. */
  private @Nullable Frame last;

  /** The run that cannot be decoded any further, and why. */
  private long lostRun = -1;

  private @Nullable FrameException lost;
  private long readNanos;

  /**
   * Creates a reader; nothing is opened yet.
   *
   * @param maxPixels of a picture
   */
  VideoReader(long maxPixels) {
    this.maxPixels = maxPixels;
  }

  /**
   * Decodes a frame of a video.
   *
   * @return the picture, which is valid until the next call, and the caller may change
   * @throws FrameException if it cannot be decoded
   */
  AVFrame decode(Frame frame, ByteSource source) throws FrameException {
    VideoRun run = Objects.requireNonNull(frame.run());
    VideoStream open = opened(frame, run, source);
    Frame before = last;
    last = frame;
    if (lost != null && lostRun == run.number() && isAfter(frame, before)) {
      throw new FrameException(String.valueOf(lost.getMessage()), lost);
    }
    try {
      if (lost != null || !continues(frame, run, before)) {
        lost = null;
        open = sought(open, run, frame, source);
      }
      return open.find(frame, run);
    } catch (VideoStream.MissingException e) {
      throw e;
    } catch (FrameException e) {
      lost = e;
      lostRun = run.number();
      throw e;
    } finally {
      readNanos = open.takeReadNanos();
    }
  }

  /** Opens the file again if a seek fails, because decoding from its start needs none. */
  private VideoStream sought(VideoStream open, VideoRun run, Frame frame, ByteSource source)
      throws FrameException {
    if (open.seek(run)) {
      return open;
    }
    closeFile();
    VideoStream again = opened(frame, run, source);
    last = frame;
    again.start();
    return again;
  }

  /** Returns whether a frame follows another one closely, so that it is decoded without a seek. */
  private static boolean continues(Frame frame, VideoRun run, @Nullable Frame before) {
    VideoRun runBefore = before == null ? null : before.run();
    if (runBefore == null || !isAfter(frame, before)) {
      return false;
    }
    return run.number() == runBefore.number()
        || (run.number() == runBefore.number() + 1
            && run.seek().shift() == runBefore.seek().shift()
            && !run.keyframesOnly());
  }

  private static boolean isAfter(Frame frame, @Nullable Frame before) {
    return before != null && VideoStream.time(frame) > VideoStream.time(before);
  }

  private VideoStream opened(Frame frame, VideoRun run, ByteSource source) throws FrameException {
    if (!frame.path().equals(path)) {
      closeFile();
      path = frame.path();
      try {
        stream = VideoStream.open(source.open(frame), maxPixels, run);
      } catch (FrameException e) {
        unopened = e;
      }
    }
    if (unopened != null) {
      throw new FrameException(String.valueOf(unopened.getMessage()), unopened);
    }
    return Objects.requireNonNull(stream);
  }

  /** Returns how the picture that was decoded last is shown. */
  SourceDecoder.Source source() {
    return Objects.requireNonNull(stream).source();
  }

  /** Returns how long the last picture was read, in nanoseconds. */
  long readNanos() {
    return readNanos;
  }

  private void closeFile() {
    if (stream != null) {
      stream.close();
      stream = null;
    }
    path = null;
    unopened = null;
    last = null;
    lost = null;
  }

  @Override
  public void close() {
    closeFile();
  }
}
