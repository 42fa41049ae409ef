package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_YUV420P;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_get_buffer;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_make_writable;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * A picture of one size in the colours of BT.709, of limited range, 4:2:0. Holds native memory
 * until closed; not thread-safe.
 */
final class YuvPicture implements AutoCloseable {
  private static final int FLAGS =
      swscale.SWS_BICUBIC
          | swscale.SWS_ACCURATE_RND
          | swscale.SWS_FULL_CHR_H_INP
          | swscale.SWS_FULL_CHR_H_INT;

  private final AVFrame yuv = av_frame_alloc();
  private final AVFrame rgb = av_frame_alloc();
  private final int filled;
  private @Nullable SwsContext converting;

  /**
   * Creates a picture.
   *
   * @param filled by how many columns and rows a picture may be smaller, which then repeat its last
   *     ones; others are scaled
   */
  YuvPicture(int width, int height, int filled) throws FrameException {
    this.filled = filled;
    allocate(yuv, AV_PIX_FMT_YUV420P, width, height);
    yuv.color_range(avutil.AVCOL_RANGE_MPEG);
    yuv.colorspace(avutil.AVCOL_SPC_BT709);
  }

  /** Returns the frame for FFmpeg. */
  AVFrame frame() {
    return yuv;
  }

  /** Makes it writable, if an encoder holds on to it: the pixels stay. */
  void makeWritable() throws FrameException {
    check("rows", av_frame_make_writable(yuv));
  }

  /** Takes the pixels of a picture. */
  void set(Picture picture) throws FrameException {
    makeWritable();
    fill(picture);
    int width = fits(picture.width(), yuv.width()) ? picture.width() : yuv.width();
    int height = fits(picture.height(), yuv.height()) ? picture.height() : yuv.height();
    converting =
        sws_getCachedContext(
            converting,
            picture.width(),
            picture.height(),
            AV_PIX_FMT_RGB24,
            width,
            height,
            AV_PIX_FMT_YUV420P,
            FLAGS,
            null,
            null,
            (DoublePointer) null);
    sws_setColorspaceDetails(
        converting,
        sws_getCoefficients(swscale.SWS_CS_DEFAULT),
        1,
        sws_getCoefficients(swscale.SWS_CS_ITU709),
        0,
        0,
        1 << 16,
        1 << 16);
    sws_scale(converting, rgb.data(), rgb.linesize(), 0, rgb.height(), yuv.data(), yuv.linesize());
    fillEdges(width, height);
  }

  private boolean fits(int size, int own) {
    return size <= own && own <= size + filled;
  }

  private void fill(Picture picture) throws FrameException {
    if (rgb.width() != picture.width() || rgb.height() != picture.height()) {
      avutil.av_frame_unref(rgb);
      allocate(rgb, AV_PIX_FMT_RGB24, picture.width(), picture.height());
    }
    int row = 3 * picture.width();
    for (int y = 0; y < picture.height(); y++) {
      rgb.data(0).position((long) y * rgb.linesize(0)).put(picture.rgb(), y * row, row);
    }
    rgb.data(0).position(0);
  }

  /** Repeats the last column and row of luma; that of chroma is there for an odd size too. */
  private void fillEdges(int width, int height) {
    BytePointer luma = yuv.data(0);
    long stride = yuv.linesize(0);
    if (width < yuv.width()) {
      for (int y = 0; y < height; y++) {
        luma.put(y * stride + width, luma.get(y * stride + width - 1));
      }
    }
    if (height < yuv.height()) {
      byte[] row = new byte[yuv.width()];
      luma.position((height - 1) * stride).get(row);
      luma.position(height * stride).put(row);
      luma.position(0);
    }
  }

  private static void allocate(AVFrame frame, int format, int width, int height)
      throws FrameException {
    frame.format(format);
    frame.width(width);
    frame.height(height);
    check("memory", av_frame_get_buffer(frame, 0));
  }

  private static void check(String what, int result) throws FrameException {
    if (result < 0) {
      throw new FrameException(
          "the picture cannot be converted: %s: %s"
              .formatted(what, FfmpegDecoder.describe(result)));
    }
  }

  @Override
  public void close() {
    sws_freeContext(converting);
    converting = null;
    av_frame_free(yuv);
    av_frame_free(rgb);
  }
}
