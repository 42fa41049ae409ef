package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.avcodec_parameters_from_context;
import static org.bytedeco.ffmpeg.global.avformat.av_write_frame;
import static org.bytedeco.ffmpeg.global.avformat.av_write_trailer;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_output_context2;
import static org.bytedeco.ffmpeg.global.avformat.avformat_free_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_new_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_write_header;

import io.tandem.conf.VideoEncoding;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * Writes a segment of a video, which is encoded by itself, with times in microseconds: in the
 * container NUT, which needs no seeking and keeps any times. Holds native memory until closed; not
 * thread-safe.
 */
public final class SegmentWriter implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  /** The key of the clock in the metadata of a segment. */
  static final String CLOCK = "tandem-clock";

  private static final int MICROS = 1_000_000;

  private final OutputStream out;
  private final VideoEncoding codec;
  private final int quality;
  private final long clock;
  private @Nullable Open open;
  private long[] times = new long[64];
  private int frames;

  /**
   * Creates a writer; nothing is written before the first picture.
   *
   * @param out receives the segment; it is not closed
   * @param quality from 1 to 100
   * @param clock what the clock of the source shows at time 0, in microseconds
   */
  public SegmentWriter(OutputStream out, VideoEncoding codec, int quality, long clock) {
    this.clock = clock;
    this.out = out;
    this.codec = codec;
    this.quality = quality;
  }

  /** Returns whether this build of FFmpeg has an encoder of this codec. */
  public static boolean has(VideoEncoding codec) {
    return VideoEncoder.has(codec);
  }

  /** Returns the number of frames so far. */
  public int frames() {
    return frames;
  }

  /**
   * Adds a picture. It is scaled if it has another size than the first one.
   *
   * @param ptsMicros its time; if it is not later than that of the one before, a microsecond after
   *     it
   * @throws FrameException if it cannot be encoded
   * @throws IOException if it cannot be written
   */
  public void add(Picture picture, long ptsMicros) throws IOException, FrameException {
    Open segment = open;
    if (segment == null) {
      segment = new Open(picture.width(), picture.height());
      open = segment;
    }
    note(ptsMicros);
    segment.encoder.add(picture, segment);
  }

  /**
   * Adds the last picture once more.
   *
   * @throws IllegalStateException if there is none
   */
  public void repeat(long ptsMicros) throws IOException, FrameException {
    Open segment = opened();
    note(ptsMicros);
    segment.encoder.repeat(segment);
  }

  /** Writes what has been held back, and the end. */
  public void finish() throws IOException, FrameException {
    Open segment = opened();
    segment.encoder.finish(segment);
    segment.check("the end", av_write_trailer(segment.format));
    segment.output.check();
  }

  private Open opened() {
    if (open == null) {
      throw new IllegalStateException("the segment has no picture yet");
    }
    return open;
  }

  private void note(long ptsMicros) {
    if (frames == times.length) {
      times = Arrays.copyOf(times, 2 * frames);
    }
    times[frames] = frames == 0 ? ptsMicros : Math.max(ptsMicros, times[frames - 1] + 1);
    frames++;
  }

  @Override
  public void close() {
    if (open != null) {
      open.close();
      open = null;
    }
  }

  /** The encoder and the file, from the first picture on. */
  private final class Open implements VideoEncoder.Packets, AutoCloseable {
    private final VideoEncoder encoder;
    private final MediaOutput output = new MediaOutput(out);
    private final AVFormatContext format = new AVFormatContext(null);

    Open(int width, int height) throws IOException, FrameException {
      encoder = new VideoEncoder(codec, quality, width, height);
      try {
        begin();
      } catch (IOException | FrameException e) {
        close();
        throw e;
      }
    }

    private void begin() throws IOException, FrameException {
      check(
          "the container",
          avformat_alloc_output_context2(format, (AVOutputFormat) null, "nut", null));
      format.pb(output.context());
      format.flags(
          format.flags()
              | AVFormatContext.AVFMT_FLAG_CUSTOM_IO
              | AVFormatContext.AVFMT_FLAG_BITEXACT);
      AVDictionary metadata = new AVDictionary(null);
      avutil.av_dict_set(metadata, CLOCK, Long.toString(clock), 0);
      format.metadata(metadata); // Freed with the format.
      AVStream stream = avformat_new_stream(format, (AVCodec) null);
      stream.time_base().num(1).den(MICROS);
      check("the codec", avcodec_parameters_from_context(stream.codecpar(), encoder.context()));
      check("the header", avformat_write_header(format, (AVDictionary) null));
    }

    @Override
    public void take(AVPacket packet, int frame) throws IOException, FrameException {
      long pts = Ticks.MICROS.to(Ticks.of(format.streams(0).time_base()), times[frame]);
      packet.pts(pts);
      packet.dts(pts);
      packet.duration(0);
      packet.stream_index(0);
      check("a frame", av_write_frame(format, packet));
    }

    private void check(String what, int result) throws IOException, FrameException {
      output.check();
      if (result < 0) {
        throw new FrameException(
            "%s of a segment cannot be written: %s"
                .formatted(what, FfmpegDecoder.describe(result)));
      }
    }

    @Override
    public void close() {
      encoder.close();
      avformat_free_context(format);
      output.close();
    }
  }
}
