package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avcodec.av_packet_alloc;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_free;
import static org.bytedeco.ffmpeg.global.avcodec.av_packet_unref;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_alloc_context3;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_find_encoder;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_free_context;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_open2;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_receive_packet;
import static org.bytedeco.ffmpeg.global.avcodec.avcodec_send_frame;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUVJ420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import io.tandem.conf.ImageEncoding;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Encodes pictures with FFmpeg, on the calling thread alone. Holds native memory until closed; not
 * thread-safe.
 */
public final class PictureEncoder implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  /** Half the time of zlib's usual 6, for files a few percent larger. */
  private static final int PNG_COMPRESSION = 2;

  /** FFmpeg's best quality but one, about 95 of what libjpeg calls quality. */
  private static final int JPEG_SCALE = 2;

  private final ImageEncoding encoding;
  private final AVCodec codec;
  private final AVFrame rgb = av_frame_alloc();
  private final AVFrame yuv = av_frame_alloc();
  private final AVPacket packet = av_packet_alloc();
  private @Nullable AVCodecContext context;
  private @Nullable SwsContext converting;

  /** Creates an encoder to this format. */
  public PictureEncoder(ImageEncoding encoding) {
    this.encoding = encoding;
    this.codec =
        avcodec_find_encoder(
            encoding == ImageEncoding.PNG ? avcodec.AV_CODEC_ID_PNG : avcodec.AV_CODEC_ID_MJPEG);
  }

  /**
   * Returns the file of a picture.
   *
   * @throws FrameException if FFmpeg cannot encode it, with its reason
   */
  public byte[] encode(Picture picture) throws FrameException {
    AVCodecContext opened = context(picture.width(), picture.height());
    check("rows", av_frame_make_writable(rgb));
    BytePointer rows = rgb.data(0);
    int stride = rgb.linesize(0);
    for (int y = 0; y < picture.height(); y++) {
      rows.position((long) y * stride)
          .put(picture.rgb(), y * picture.width() * 3, picture.width() * 3);
    }
    rows.position(0);
    check("encoding", avcodec_send_frame(opened, encoding == ImageEncoding.PNG ? rgb : yuv()));
    check("encoding", avcodec_receive_packet(opened, packet));
    try {
      byte[] file = new byte[packet.size()];
      packet.data().get(file);
      return file;
    } finally {
      av_packet_unref(packet);
    }
  }

  /** Returns the picture in the colours of JPEG, of full range. */
  private AVFrame yuv() throws FrameException {
    check("rows", av_frame_make_writable(yuv));
    converting =
        sws_getCachedContext(
            converting,
            rgb.width(),
            rgb.height(),
            AV_PIX_FMT_RGB24,
            rgb.width(),
            rgb.height(),
            AV_PIX_FMT_YUVJ420P,
            swscale.SWS_BILINEAR | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INP,
            null,
            null,
            (DoublePointer) null);
    sws_scale(converting, rgb.data(), rgb.linesize(), 0, rgb.height(), yuv.data(), yuv.linesize());
    return yuv;
  }

  /** Opens the codec for a size; it stays open for the next pictures of this size. */
  private AVCodecContext context(int width, int height) throws FrameException {
    AVCodecContext before = context;
    if (before != null && before.width() == width && before.height() == height) {
      return before;
    }
    closeContext();
    boolean isPng = encoding == ImageEncoding.PNG;
    AVCodecContext opened = avcodec_alloc_context3(codec);
    context = opened;
    opened.width(width).height(height);
    opened.pix_fmt(isPng ? AV_PIX_FMT_RGB24 : AV_PIX_FMT_YUVJ420P);
    opened.color_range(avutil.AVCOL_RANGE_JPEG);
    opened.thread_count(1);
    opened.time_base().num(1).den(1);
    if (isPng) {
      opened.compression_level(PNG_COMPRESSION);
    } else {
      opened.flags(opened.flags() | avcodec.AV_CODEC_FLAG_QSCALE);
      opened.global_quality(JPEG_SCALE * avutil.FF_QP2LAMBDA);
      yuv.quality(JPEG_SCALE * avutil.FF_QP2LAMBDA);
    }
    check("the encoder", avcodec_open2(opened, codec, (PointerPointer<?>) null));
    allocate(rgb, AV_PIX_FMT_RGB24, width, height);
    if (!isPng) {
      allocate(yuv, AV_PIX_FMT_YUVJ420P, width, height);
    }
    return opened;
  }

  private static void allocate(AVFrame frame, int format, int width, int height)
      throws FrameException {
    av_frame_unref(frame);
    frame.format(format);
    frame.width(width);
    frame.height(height);
    frame.color_range(avutil.AVCOL_RANGE_JPEG);
    check("memory", av_frame_get_buffer(frame, 0));
  }

  private static void check(String what, int result) throws FrameException {
    if (result < 0) {
      throw new FrameException(
          "the picture cannot be encoded: %s: %s".formatted(what, FfmpegDecoder.describe(result)));
    }
  }

  private void closeContext() {
    AVCodecContext open = context;
    if (open != null) {
      avcodec_free_context(open);
      context = null;
    }
  }

  @Override
  public void close() {
    closeContext();
    if (converting != null) {
      sws_freeContext(converting);
      converting = null;
    }
    av_frame_free(rgb);
    av_frame_free(yuv);
    av_packet_free(packet);
  }
}
