package io.tandem.frame;

import io.tandem.conf.VideoContainer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.AVOutputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVDictionaryEntry;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * Joins the segments of a video to one file, with the sound of its source; nothing is encoded
 * again. The file is a local one, because an MP4 is written with seeking. Holds native memory until
 * closed; not thread-safe.
 */
public final class VideoJoiner implements AutoCloseable {
  /** How long a frame is shown that is the only one: without a duration it would not be. */
  private static final long ONLY_MICROS = 40_000;

  private final Path file;
  private final VideoContainer container;
  private final @Nullable SoundInput source;
  private final AVFormatContext output = new AVFormatContext(null);
  private final AVIOContext io = new AVIOContext(null);
  private final AVPacket held = avcodec.av_packet_alloc();
  private boolean holds;
  private long lastDuration;

  /** The time of the last frame on the clock of the source, in microseconds. */
  private long last;

  private long frames;

  /** What the first segment is like; null while there is none. */
  private @Nullable SegmentFormat format;

  /**
   * A video that was joined.
   *
   * @param frames how many it has
   * @param leftOut what of the source it does not have, such as sound that its container does not
   *     take
   */
  public record Joined(long frames, List<String> leftOut) {
    public Joined {
      leftOut = List.copyOf(leftOut);
    }
  }

  private VideoJoiner(Path file, VideoContainer container, @Nullable SoundInput source) {
    this.file = file;
    this.container = container;
    this.source = source;
  }

  /**
   * Starts a video.
   *
   * @param file is written, or replaced
   * @param source the file that the pictures come from: its sound is copied, and its unit of time
   *     is used, so that times are exactly its own; null if there is none
   */
  public static VideoJoiner to(Path file, VideoContainer container, @Nullable FileBytes source)
      throws FrameException {
    NativeLibraries.load();
    SoundInput sound = source == null ? null : new SoundInput(VideoInput.open(source, true));
    return new VideoJoiner(file, container, sound);
  }

  /**
   * Adds the next segment; closes it.
   *
   * @throws IOException if the disk has failed, or is full
   * @throws FrameException if it is damaged, or its pictures are of another size than those before
   */
  public void add(FileBytes segment) throws IOException, FrameException {
    try (VideoInput input = VideoInput.open(segment, true)) {
      SegmentFormat own = new SegmentFormat(input.parameters());
      SegmentFormat first = format;
      if (first == null) {
        begin(input);
        format = own;
      } else {
        first.require(own);
      }
      AVPacket packet = avcodec.av_packet_alloc();
      try {
        long clock = clock(input);
        int result;
        while ((result = input.read(packet)) >= 0) {
          long micros = input.micros(packet.pts());
          packet.pts(ticks(micros + clock));
          if (source != null && frames == 0 && !holds && micros > 0) {
            source.skipBefore(outputUnit().to(Ticks.MICROS, packet.pts()));
          }
          last = micros + clock;
          take(packet);
        }
        if (result != avutil.AVERROR_EOF) {
          throw input.failed("a segment cannot be read: ", result);
        }
      } finally {
        avcodec.av_packet_free(packet);
      }
    }
  }

  private static long clock(VideoInput segment) throws FrameException {
    AVDictionaryEntry clock =
        avutil.av_dict_get(segment.format().metadata(), SegmentWriter.CLOCK, null, 0);
    if (clock == null || clock.isNull()) {
      throw new FrameException("a segment has no clock: it is damaged");
    }
    return Long.parseLong(clock.value().getString());
  }

  private void begin(VideoInput first) throws IOException, FrameException {
    FfmpegLog.clear();
    String url = "file:" + file.toAbsolutePath();
    check(
        "the container",
        avformat.avformat_alloc_output_context2(output, (AVOutputFormat) null, muxer(), url));
    AVStream video = avformat.avformat_new_stream(output, (AVCodec) null);
    check("the codec", avcodec.avcodec_parameters_copy(video.codecpar(), first.parameters()));
    setTags(video.codecpar());
    Ticks unit = unit();
    video.time_base().num((int) unit.num()).den((int) unit.den());
    if (source != null) {
      source.addTo(output, container);
    }
    written("the file", avformat.avio_open(io, url, avformat.AVIO_FLAG_WRITE));
    output.pb(io);
    AVDictionary options = new AVDictionary(null);
    if (container == VideoContainer.MP4) {
      avutil.av_dict_set(options, "movflags", "+faststart", 0);
      // In this unit an edit list says when the first frame is shown.
      avutil.av_dict_set_int(options, "movie_timescale", video.time_base().den(), 0);
    }
    int result = avformat.avformat_write_header(output, options);
    avutil.av_dict_free(options);
    written("the header", result);
  }

  /** A segment tells its colours only as far as its codec does. */
  private static void setTags(AVCodecParameters video) {
    video.codec_tag(0);
    video.color_range(avutil.AVCOL_RANGE_MPEG);
    video.color_space(avutil.AVCOL_SPC_BT709);
    video.color_primaries(avutil.AVCOL_PRI_BT709);
    video.color_trc(avutil.AVCOL_TRC_BT709);
  }

  private String muxer() {
    return switch (container) {
      case MP4 -> "mp4";
      case MKV -> "matroska";
      case WEBM -> "webm";
    };
  }

  /** Returns the unit of the times of the source. */
  private Ticks unit() {
    return source == null ? Ticks.MICROS : source.pictureUnit();
  }

  private Ticks outputUnit() {
    return Ticks.of(output.streams(0).time_base());
  }

  /** Returns a time of the source's clock in the unit of the output. */
  private long ticks(long micros) {
    // First to the nearest time that the source can have had.
    long exact = Ticks.MICROS.to(unit(), micros);
    long begin = source == null ? 0 : Ticks.MICROS.to(unit(), source.begin());
    return unit().to(outputUnit(), exact - begin);
  }

  /** Holds a packet until the next one tells its duration. */
  private void take(AVPacket packet) throws IOException, FrameException {
    if (holds) {
      packet.pts(Math.max(packet.pts(), held.pts() + 1));
      lastDuration = packet.pts() - held.pts();
      write();
    }
    packet.dts(packet.pts());
    avcodec.av_packet_move_ref(held, packet);
    holds = true;
  }

  private void write() throws IOException, FrameException {
    writeSound(outputUnit().to(Ticks.MICROS, held.pts()));
    held.stream_index(0);
    held.duration(Math.min(lastDuration, Integer.MAX_VALUE));
    held.pos(-1);
    holds = false;
    frames++;
    written("a frame", avformat.av_interleaved_write_frame(output, held));
  }

  private void writeSound(long before) throws IOException, FrameException {
    if (source == null) {
      return;
    }
    for (AVPacket sound = source.before(before); sound != null; sound = source.before(before)) {
      written("its sound", avformat.av_interleaved_write_frame(output, sound));
    }
  }

  /**
   * Writes the end of the file.
   *
   * @throws IOException if the disk has failed, or is full
   * @throws IllegalStateException if there is no segment
   */
  public Joined finish() throws IOException, FrameException {
    if (format == null) {
      throw new IllegalStateException("there is no segment");
    }
    if (lastDuration == 0) {
      lastDuration = Ticks.MICROS.to(outputUnit(), ONLY_MICROS);
    }
    long end = outputUnit().to(Ticks.MICROS, held.pts() + lastDuration);
    write();
    writeSound(isToTheEnd() ? Long.MAX_VALUE : end);
    written("the end", avformat.av_write_trailer(output));
    int closed = avformat.avio_closep(io);
    written("the end", closed);
    return new Joined(frames, source == null ? List.of() : source.leftOut());
  }

  /**
   * Returns whether the source ends with the last frame, and not only the frames that are taken.
   */
  private boolean isToTheEnd() {
    return source == null
        || source.pictureEnd() == Long.MAX_VALUE
        || last + 2 * outputUnit().to(Ticks.MICROS, lastDuration) >= source.pictureEnd();
  }

  /**
   * Requires that writing has succeeded.
   *
   * @throws IOException if the disk has failed, or is full
   * @throws FrameException if FFmpeg does not take what it was given
   */
  private void written(String what, int result) throws IOException, FrameException {
    int disk = io.isNull() ? result : io.error();
    if (result < 0 && disk < 0) {
      throw new IOException("%s: %s".formatted(what, FfmpegDecoder.describe(disk)));
    }
    check(what, result);
  }

  /**
   * Requires that a call of FFmpeg has succeeded.
   *
   * @throws FrameException if it has not, with what FFmpeg said
   */
  static void check(String what, int result) throws FrameException {
    if (result < 0) {
      throw new FrameException(
          "the video cannot be written: %s: %s".formatted(what, FfmpegLog.why(result)));
    }
  }

  @Override
  public void close() {
    avcodec.av_packet_free(held);
    if (!output.isNull()) {
      avformat.avformat_free_context(output);
    }
    if (!io.isNull()) {
      avformat.avio_closep(io);
    }
    if (source != null) {
      source.close();
    }
  }
}
