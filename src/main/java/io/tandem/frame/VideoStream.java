package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_flush_buffers;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_frame;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_packet;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import io.tandem.source.Frame;
import io.tandem.source.VideoRun;
import java.util.Locale;
import java.util.Objects;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * The pictures of one video file, decoded in order from a keyframe on. Holds native memory until
 * closed; not thread-safe.
 */
final class VideoStream implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  private final VideoInput input;
  private final KeyframeSearch search;
  private final AVCodecContext codec;
  private final Orientation orientation;
  private final AVPacket packet = avcodec.av_packet_alloc();
  private final AVFrame picture = avutil.av_frame_alloc();

  /** The frame that is looked for. */
  private @Nullable Frame wanted;

  /** Whether {@link #picture} holds one that has not been taken. */
  private boolean isPending;

  /** The rank of the next picture in the file, for files without timestamps. */
  private long number;

  private boolean isDraining;
  private String ending = "";

  /** Whether what the decoder says at the moment is about pictures that are wanted. */
  private boolean matters;

  private long readNanos;

  private VideoStream(VideoInput input, AVCodecContext codec) {
    this.input = input;
    this.search = new KeyframeSearch(input);
    this.codec = codec;
    this.orientation = VideoCodec.orientation(input.parameters());
  }

  /**
   * Opens a file and its decoder.
   *
   * @param maxPixels of a picture
   * @param run any of the file
   * @throws FrameException if there is no video that can be decoded
   */
  static VideoStream open(FileBytes file, long maxPixels, VideoRun run) throws FrameException {
    long from = System.nanoTime();
    VideoInput input = VideoInput.open(file, false);
    try {
      VideoStream stream = new VideoStream(input, VideoCodec.open(input, maxPixels, run));
      stream.readNanos = System.nanoTime() - from;
      return stream;
    } catch (FrameException e) {
      input.close();
      throw e;
    }
  }

  /** The decoder has passed the time of a frame without a picture; others are not affected. */
  static final class MissingException extends FrameException {
    private static final long serialVersionUID = 1L;

    MissingException(String message) {
      super(message);
    }
  }

  /** Returns the time of a frame in its video, in microseconds. */
  static long time(Frame frame) {
    return Objects.requireNonNull(frame.ref().ptsMicros());
  }

  /** Returns how the picture that was decoded last is shown. */
  SourceDecoder.Source source() {
    return SourceDecoder.Source.whole(picture, orientation, input.aspect(picture));
  }

  /** Returns how long has been read since this was asked before, in nanoseconds. */
  long takeReadNanos() {
    long taken = readNanos;
    readNanos = 0;
    return taken;
  }

  /**
   * Continues at the keyframe of a run.
   *
   * @return whether the file can be sought; if not, it must be opened again
   */
  boolean seek(VideoRun run) {
    start();
    number = run.firstNumber();
    FfmpegLog.clear();
    long from = System.nanoTime();
    boolean isSought = search.start(run);
    readNanos += System.nanoTime() - from;
    FfmpegLog.clear(); // A search through a truncated file says that it is.
    avcodec_flush_buffers(codec);
    return isSought;
  }

  /** Continues at the start of the file, which has just been opened. */
  void start() {
    isPending = false;
    isDraining = false;
    matters = false;
    number = 0;
    search.end();
  }

  /**
   * Decodes until the picture of a frame is there.
   *
   * @return the picture, which is valid until the next call, and the caller may change
   * @throws MissingException if it is not there, and the next one is
   * @throws FrameException if it cannot be decoded
   */
  AVFrame find(Frame frame, VideoRun run) throws FrameException {
    wanted = frame;
    while (true) {
      if (!isPending) {
        receive(run);
      }
      long difference = difference(frame, run);
      if (difference == 0) {
        isPending = false;
        return picture;
      }
      if (difference > 0) {
        throw new MissingException(
            "damaged video: it has no picture at %s, and the next one is at %s"
                .formatted(seconds(time(frame)), seconds(time(frame) + difference)));
      }
      isPending = false;
    }
  }

  /** Returns by how many microseconds, or frames, the picture comes after the frame. */
  private long difference(Frame frame, VideoRun run) {
    if (run.keyMicros() == null) {
      return number - 1 - Objects.requireNonNull(frame.ref().frameNumber());
    }
    long time = picture.pts();
    return time == avutil.AV_NOPTS_VALUE ? -1 : input.micros(time, run) - run.clock() - time(frame);
  }

  private void receive(VideoRun run) throws FrameException {
    av_frame_unref(picture);
    while (true) {
      int received = avcodec_receive_frame(codec, picture);
      requireQuiet();
      if (received == 0) {
        requireWhole(run);
        number++;
        isPending = true;
        return;
      }
      if (received == avutil.AVERROR_EOF) {
        throw damaged(ending);
      }
      if (received != avutil.AVERROR_EAGAIN()) {
        throw damaged(FfmpegLog.why(received));
      }
      send(run);
    }
  }

  private void requireWhole(VideoRun run) throws FrameException {
    boolean isDamaged =
        picture.decode_error_flags() != 0 || (picture.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0;
    if (isDamaged && !isBefore(run, picture.pts())) {
      throw damaged("a picture is not whole");
    }
  }

  /**
   * Returns whether a time is before the keyframe. A picture that is shown before it and stored
   * after it depends on the run before, which is missing after a seek.
   */
  private boolean isBefore(VideoRun run, long time) {
    return run.keyMicros() != null
        && time != avutil.AV_NOPTS_VALUE
        && input.micros(time, run) < run.keyMicros();
  }

  private void send(VideoRun run) throws FrameException {
    if (isDraining) {
      throw damaged(ending);
    }
    FfmpegLog.clear();
    long from = System.nanoTime();
    int read = input.read(packet);
    readNanos += System.nanoTime() - from;
    if (read < 0) {
      if (input.hasFailed()) {
        throw input.failed("", read);
      }
      if (search.isOn() && run.keyMicros() != null) {
        search.furtherBack(run);
        return;
      }
      drain(read == avutil.AVERROR_EOF ? "it ends early" : FfmpegLog.why(read));
      return;
    }
    if (input.isCutOff(packet)) {
      av_packet_unref(packet);
      drain("it ends early");
      return;
    }
    if (search.isOn() && !search.ends(packet, run)) {
      av_packet_unref(packet);
      return;
    }
    matters = !isBefore(run, packet.pts());
    boolean isWhole = (packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) == 0;
    FfmpegLog.clear();
    int sent = avcodec_send_packet(codec, packet);
    av_packet_unref(packet);
    requireQuiet();
    if (matters && (sent < 0 || !isWhole)) {
      throw damaged(isWhole ? FfmpegLog.why(sent) : "a packet is not whole");
    }
  }

  /** Gets the pictures that the decoder still has; after them it reports the end. */
  private void drain(String reason) {
    ending = reason;
    isDraining = true;
    FfmpegLog.clear();
    avcodec_send_packet(codec, null);
  }

  /** Requires that the decoder has not complained, except of data about pictures. */
  private void requireQuiet() throws FrameException {
    String said = FfmpegLog.said();
    if (matters && !said.isEmpty() && !said.startsWith("SEI type")) {
      throw damaged(said);
    }
  }

  private FrameException damaged(String why) {
    String since = wanted == null ? "" : " from %s on".formatted(seconds(time(wanted)));
    return new FrameException("damaged video%s, up to the next keyframe: %s".formatted(since, why));
  }

  private static String seconds(long micros) {
    return String.format(Locale.ROOT, "%.3f s", micros / 1e6);
  }

  @Override
  public void close() {
    avcodec.avcodec_free_context(codec);
    input.close();
    avcodec.av_packet_free(packet);
    avutil.av_frame_free(picture);
  }
}
