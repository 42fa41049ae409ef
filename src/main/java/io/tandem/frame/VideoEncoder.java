package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder_by_name;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;

import io.tandem.conf.VideoEncoding;
import java.io.IOException;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Encodes pictures to one closed group of a video, on the calling thread alone: the first one is a
 * keyframe, and nothing refers to what is outside. Colours are those of BT.709 in limited range,
 * 4:2:0, and tagged so. Holds native memory until closed; not thread-safe.
 */
final class VideoEncoder implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  /** Between two keyframes, at most: players seek to them. */
  private static final int KEYFRAME_EVERY = 250;

  private final AVCodecContext context;
  private final AVPacket packet = av_packet_alloc();
  private final YuvPicture picture;
  private int frames;

  /** Receives the packets of a video. */
  interface Packets {
    /**
     * Takes a packet, which is valid until this returns.
     *
     * @param frame the number of its frame, from 0, in presentation order
     */
    void take(AVPacket packet, int frame) throws IOException, FrameException;
  }

  /**
   * Creates an encoder.
   *
   * @param quality from 1 to 100
   * @param width of the first picture; other ones are scaled to its size
   * @throws FrameException if the codec is absent, or does not take this size
   */
  VideoEncoder(VideoEncoding codec, int quality, int width, int height) throws FrameException {
    FfmpegLog.clear();
    boolean evenOnly = codec == VideoEncoding.H264;
    this.context = avcodec_alloc_context3(find(codec));
    context.width(evenOnly ? width + (width & 1) : width);
    context.height(evenOnly ? height + (height & 1) : height);
    try {
      open(codec, quality);
      picture = new YuvPicture(context.width(), context.height(), evenOnly ? 1 : 0);
    } catch (FrameException e) {
      free();
      throw e;
    }
    picture.frame().quality(context.global_quality());
  }

  /** Returns whether this build of FFmpeg has the encoder of a codec. */
  static boolean has(VideoEncoding codec) {
    AVCodec found = avcodec_find_encoder_by_name(encoder(codec));
    return found != null && !found.isNull();
  }

  /** Returns FFmpeg's name of the encoder. */
  static String encoder(VideoEncoding codec) {
    return switch (codec) {
      case H264 -> "libopenh264";
      case VP9 -> "libvpx-vp9";
      case MPEG4 -> "mpeg4";
    };
  }

  private static AVCodec find(VideoEncoding codec) throws FrameException {
    if (!has(codec)) {
      throw new FrameException(
          "this FFmpeg has no encoder %s for %s".formatted(encoder(codec), codec));
    }
    return avcodec_find_encoder_by_name(encoder(codec));
  }

  private void open(VideoEncoding codec, int quality) throws FrameException {
    context.pix_fmt(AV_PIX_FMT_YUV420P);
    context.color_range(avutil.AVCOL_RANGE_MPEG);
    context.colorspace(avutil.AVCOL_SPC_BT709);
    context.color_primaries(avutil.AVCOL_PRI_BT709);
    context.color_trc(avutil.AVCOL_TRC_BT709);
    // Frames are numbered: MPEG-4 has no microseconds, and a constant quality needs no times.
    context.time_base().num(1).den(25);
    context.framerate().num(25).den(1);
    context.gop_size(KEYFRAME_EVERY);
    context.max_b_frames(0);
    context.thread_count(1);
    context.flags(context.flags() | avcodec.AV_CODEC_FLAG_GLOBAL_HEADER);
    AVDictionary options = new AVDictionary(null);
    try {
      setQuality(codec, quality, options);
      int opened = avcodec_open2(context, find(codec), options);
      if (opened < 0) {
        throw failed(
            "%d x %d pixels cannot be encoded as %s".formatted(width(), height(), codec), opened);
      }
    } finally {
      avutil.av_dict_free(options);
    }
  }

  /**
   * Sets a constant quantizer. That of H.264 doubles the loss every 6 steps, as that of VP9 about.
   */
  private void setQuality(VideoEncoding codec, int quality, AVDictionary options) {
    int h264 = (int) Math.round(51 - 0.4 * quality);
    switch (codec) {
      case H264 -> {
        context.qmin(h264);
        context.qmax(h264);
        avutil.av_dict_set(options, "rc_mode", "quality", 0);
        avutil.av_dict_set(options, "allow_skip_frames", "0", 0);
        // Counts for nothing beside the quantizer, and without it the encoder warns.
        context.bit_rate(20_000_000);
        context.profile(avcodec.AV_PROFILE_H264_HIGH);
      }
      case VP9 -> {
        avutil.av_dict_set(
            options, "crf", Long.toString(Math.round(Math.max(0, 63 - 0.53 * quality))), 0);
        avutil.av_dict_set(options, "deadline", "good", 0);
        avutil.av_dict_set(options, "cpu-used", "4", 0);
        avutil.av_dict_set(options, "lag-in-frames", "0", 0);
        context.bit_rate(0);
      }
      case MPEG4 -> {
        double scale = Math.pow(2, (h264 - 12) / 6.0);
        int quantizer = (int) Math.round(Math.max(1, Math.min(31, scale)));
        context.flags(context.flags() | avcodec.AV_CODEC_FLAG_QSCALE);
        context.qmin(1);
        avutil.av_dict_set_int(options, "lmin", avutil.FF_QP2LAMBDA, 0);
        context.global_quality(quantizer * avutil.FF_QP2LAMBDA);
      }
    }
  }

  int width() {
    return context.width();
  }

  int height() {
    return context.height();
  }

  AVCodecContext context() {
    return context;
  }

  /** Encodes the next picture. */
  void add(Picture next, Packets packets) throws IOException, FrameException {
    picture.set(next);
    send(packets);
  }

  /** Encodes the last picture again. */
  void repeat(Packets packets) throws IOException, FrameException {
    picture.makeWritable();
    send(packets);
  }

  /** Encodes what it has held back; nothing can be added afterwards. */
  void finish(Packets packets) throws IOException, FrameException {
    check("encoding", avcodec_send_frame(context, null));
    receive(packets);
  }

  private void send(Packets packets) throws IOException, FrameException {
    picture.frame().pts(frames++);
    picture.frame().duration(1);
    check("encoding", avcodec_send_frame(context, picture.frame()));
    receive(packets);
  }

  private void receive(Packets packets) throws IOException, FrameException {
    while (true) {
      int result = avcodec_receive_packet(context, packet);
      if (result == avutil.AVERROR_EAGAIN() || result == avutil.AVERROR_EOF) {
        return;
      }
      check("encoding", result);
      try {
        packets.take(packet, (int) packet.pts());
      } finally {
        av_packet_unref(packet);
      }
    }
  }

  private static void check(String what, int result) throws FrameException {
    if (result < 0) {
      throw failed("the picture cannot be encoded: " + what, result);
    }
  }

  private static FrameException failed(String what, int result) {
    return new FrameException("%s: %s".formatted(what, FfmpegLog.why(result)));
  }

  private void free() {
    avcodec_free_context(context);
    av_packet_free(packet);
  }

  @Override
  public void close() {
    picture.close();
    free();
  }
}
