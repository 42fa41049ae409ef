package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avformat.av_find_best_stream;
import static org.bytedeco.ffmpeg.global.avformat.avformat_alloc_context;
import static org.bytedeco.ffmpeg.global.avformat.avformat_close_input;
import static org.bytedeco.ffmpeg.global.avformat.avformat_find_stream_info;
import static org.bytedeco.ffmpeg.global.avformat.avformat_open_input;

import io.tandem.source.StorageException;
import io.tandem.source.VideoRun;
import java.io.IOException;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * A video file that FFmpeg demultiplexes, read through {@link FileBytes}: nothing is copied to a
 * disk, and no other file or host that it may name is opened. Holds native memory until closed; not
 * thread-safe.
 */
final class VideoInput implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  private static final long MICROS = 1_000_000;

  /** Containers that hold their pictures themselves; playlists are not among them. */
  private static final String CONTAINERS =
      "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mpegvideo,flv,asf,mxf,ogg,ivf,m4v,h264,hevc,nut";

  private final FileBytes file;
  private final FfmpegIo io;
  private @Nullable AVFormatContext format;
  private int streamIndex = -1;

  private VideoInput(FileBytes file) {
    this.file = file;
    this.io = new FfmpegIo(file);
  }

  /**
   * Opens a file and finds its video; closes the file with it, and if it fails.
   *
   * @param parses whether to look into the packets, for what the container does not say
   * @throws FrameException if there is no video, or it cannot be read
   */
  static VideoInput open(FileBytes file, boolean parses) throws FrameException {
    FfmpegLog.clear();
    VideoInput input = new VideoInput(file);
    try {
      input.open(parses);
      return input;
    } catch (FrameException | RuntimeException e) {
      input.close();
      throw e;
    }
  }

  private void open(boolean parses) throws FrameException {
    AVFormatContext opened = avformat_alloc_context();
    opened.pb(io.context());
    opened.flags(opened.flags() | AVFormatContext.AVFMT_FLAG_CUSTOM_IO);
    AVDictionary options = new AVDictionary(null);
    avutil.av_dict_set(options, "format_whitelist", CONTAINERS, 0);
    avutil.av_dict_set(options, "protocol_whitelist", "none", 0);
    int result = avformat_open_input(opened, (String) null, (AVInputFormat) null, options);
    avutil.av_dict_free(options);
    if (result < 0) { // FFmpeg has freed the context.
      throw notOpened(result);
    }
    format = opened;
    if (!parses && isIndexed()) {
      opened.flags(opened.flags() | AVFormatContext.AVFMT_FLAG_NOPARSE);
    }
    int found = avformat_find_stream_info(opened, (AVDictionary) null);
    if (found < 0) {
      throw failed("its streams cannot be read: ", found);
    }
    selectStream(opened);
  }

  private FrameException notOpened(int error) {
    if (io.failure() == null) {
      try {
        FileBytes.Part start = file.read(0);
        ImageFormat image =
            ImageFormat.of(
                Arrays.copyOfRange(start.array(), start.from(), start.array().length),
                start.length());
        return new FrameException(
            "is not a video, but an image (%s) with the name of a video".formatted(image));
      } catch (IOException | FrameException e) {
        // It is something else.
      }
      String said = FfmpegLog.said();
      if (said.contains("whitelist") || said.contains("m3u8")) {
        return new FrameException(
            "is not a video; playlists, and other files that name files, are not followed");
      }
    }
    return failed("not a whole video: ", error);
  }

  private void selectStream(AVFormatContext opened) throws FrameException {
    int best = av_find_best_stream(opened, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (AVCodec) null, 0);
    if (best < 0 || isCover(opened.streams(best))) {
      throw new FrameException(
          "has no video%s".formatted(opened.nb_streams() == 0 ? ", and no other stream" : ""));
    }
    streamIndex = best;
    for (int i = 0; i < opened.nb_streams(); i++) {
      if (i != best) {
        opened.streams(i).discard(avcodec.AVDISCARD_ALL);
      }
    }
    AVCodecParameters codec = parameters();
    if (codec.width() <= 0 || codec.height() <= 0) {
      throw new FrameException("has a video without a size: no frame can be decoded");
    }
  }

  private static boolean isCover(AVStream stream) {
    return (stream.disposition() & avformat.AV_DISPOSITION_ATTACHED_PIC) != 0;
  }

  /** Returns the exception for an error of FFmpeg, or of the file below it. */
  FrameException failed(String what, int error) {
    IOException below = io.failure();
    if (below != null) {
      return new FrameException(
          StorageException.isMissing(below)
              ? StorageException.MISSING
              : "cannot be read: " + StorageException.why(below),
          below);
    }
    return new FrameException(what + FfmpegLog.why(error));
  }

  /** Returns whether reading the file itself has failed. */
  boolean hasFailed() {
    return io.failure() != null;
  }

  AVFormatContext format() {
    if (format == null) {
      throw new IllegalStateException("the video is closed");
    }
    return format;
  }

  /** Returns whether the container is one whose header has the times of all frames. */
  boolean isIndexed() {
    return containerName().startsWith("mov,");
  }

  /** Returns whether keyframes are found by their position in the file, not by their time. */
  boolean isSoughtInBytes() {
    return containerName().startsWith("mpeg");
  }

  /** Returns whether keyframes are sought by the times at which they are decoded, not shown. */
  boolean isSoughtByDecodingTime() {
    return containerName().equals("avi");
  }

  private String containerName() {
    return format().iformat().name().getString();
  }

  /** Returns the stream of the video. */
  AVStream stream() {
    return format().streams(streamIndex);
  }

  /** Returns the parameters of its codec. */
  AVCodecParameters parameters() {
    return stream().codecpar();
  }

  /** Returns a time of the stream in microseconds. */
  long micros(long time) {
    AVRational unit = stream().time_base();
    return avutil.av_rescale(time, unit.num() * MICROS, unit.den());
  }

  /** Returns a time of the stream by the clock at the start of the file, in microseconds. */
  long micros(long time, VideoRun run) {
    return micros(time) + run.seek().shift();
  }

  /** Returns the width of a pixel of a picture of this video, divided by its height. */
  PixelAspect aspect(AVFrame picture) {
    AVRational ratio = avformat.av_guess_sample_aspect_ratio(format(), stream(), picture);
    return PixelAspect.of(ratio.num(), ratio.den());
  }

  /**
   * Reads the next packet of the video.
   *
   * @return 0, or an error of FFmpeg; the packet is the caller's to unref
   */
  int read(AVPacket packet) {
    while (true) {
      int result = avformat.av_read_frame(format(), packet);
      if (result < 0 || packet.stream_index() == streamIndex) {
        return result;
      }
      avcodec.av_packet_unref(packet);
    }
  }

  /**
   * Continues to read at a keyframe.
   *
   * @return 0, or an error of FFmpeg
   */
  int seek(long at, boolean inBytes) {
    return avformat.av_seek_frame(
        format(),
        streamIndex,
        at,
        inBytes ? avformat.AVSEEK_FLAG_BYTE : avformat.AVSEEK_FLAG_BACKWARD);
  }

  /**
   * Gives FFmpeg arbitrary bytes from now on instead of reading them: where the header has the
   * times and places of all frames, their bytes do not matter.
   */
  void skipBytes() {
    io.skipBytes();
  }

  /** Returns whether the file ends in a packet. */
  boolean isCutOff(AVPacket packet) {
    return (packet.flags() & avcodec.AV_PKT_FLAG_CORRUPT) != 0
        && packet.pos() + packet.size() >= file.length();
  }

  /** Returns how many bytes FFmpeg has got so far. */
  long readBytes() {
    return io.readBytes();
  }

  @Override
  public void close() {
    AVFormatContext open = format;
    if (open != null) {
      format = null;
      avformat_close_input(open);
    }
    io.close();
    file.close();
  }
}
