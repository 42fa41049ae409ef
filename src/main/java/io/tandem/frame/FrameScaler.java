package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
import static org.bytedeco.ffmpeg.global.avutil.av_pix_fmt_desc_get;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCoefficients;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;
import static org.bytedeco.ffmpeg.global.swscale.sws_setColorspaceDetails;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.jspecify.annotations.Nullable;

/**
 * Scales a decoded picture of any size and pixel format to RGB of one size, with swscale's bilinear
 * filter, which widens when it shrinks a picture, as an antialiased resize does. Rows are padded,
 * because swscale may write beyond a row's end.
 */
final class FrameScaler implements AutoCloseable {
  private static final int ALIGN = 64;

  /**
   * Without full chroma, colours come out up to 2 of 255 too dark; it costs 6 % of the decoding.
   */
  private static final int FLAGS =
      swscale.SWS_BILINEAR | swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INT;

  private final PointerPointer<BytePointer> targetRows = new PointerPointer<>(4);
  private final IntPointer targetStrides = new IntPointer(4);
  private @Nullable SwsContext context;
  private @Nullable BytePointer target;
  private ByteBuffer targetBytes = ByteBuffer.allocateDirect(0);
  private int stride;

  /**
   * Cuts the picture, without copying, to the largest middle part of the given proportions. As much
   * is cut on one side as on the other, so that a turned picture keeps what its upright twin keeps.
   */
  static void cropTo(AVFrame picture, int width, int height) throws FrameException {
    long cutX = cut(picture.width(), (long) picture.height() * width / height);
    long cutY = cut(picture.height(), (long) picture.width() * height / width);
    picture.crop_left(cutX);
    picture.crop_right(cutX);
    picture.crop_top(cutY);
    picture.crop_bottom(cutY);
    int cropped = av_frame_apply_cropping(picture, AV_FRAME_CROP_UNALIGNED);
    if (cropped < 0) {
      throw new FrameException("cannot be cropped: " + FrameDecoder.describe(cropped));
    }
  }

  /** How much to cut on each side, so that no more than {@code kept} are left, but at least one. */
  private static long cut(long size, long kept) {
    return kept >= size ? 0 : Math.min((size - kept + 1) / 2, (size - 1) / 2);
  }

  /** The scaled picture: rows of {@code width} RGB pixels, {@link #stride} bytes apart. */
  ByteBuffer scale(AVFrame picture, int width, int height) throws FrameException {
    reserve(width, height);
    SwsContext sws =
        sws_getCachedContext(
            context,
            picture.width(),
            picture.height(),
            picture.format(),
            width,
            height,
            AV_PIX_FMT_RGB24,
            FLAGS,
            null,
            null,
            (DoublePointer) null);
    context = sws;
    if (sws == null || sws.isNull()) {
      throw new FrameException(
          "%d x %d pixels of format %d cannot be scaled"
              .formatted(picture.width(), picture.height(), picture.format()));
    }
    tellColours(sws, picture);
    int rows =
        sws_scale(
            sws,
            picture.data(),
            picture.linesize(),
            0,
            picture.height(),
            targetRows,
            targetStrides);
    if (rows != height) {
      throw new FrameException("scaled to %d rows instead of %d".formatted(rows, height));
    }
    return targetBytes;
  }

  int stride() {
    return stride;
  }

  /**
   * swscale assumes limited range and BT.601 unless told otherwise. The decoder says in the picture
   * what it knows, but of a grey JPEG it does not say that it is full range, as all grey images
   * are.
   */
  private static void tellColours(SwsContext sws, AVFrame picture) {
    IntPointer from = sws_getCoefficients(matrix(picture.colorspace()));
    IntPointer to = sws_getCoefficients(swscale.SWS_CS_DEFAULT);
    sws_setColorspaceDetails(sws, from, isFullRange(picture) ? 1 : 0, to, 1, 0, 1 << 16, 1 << 16);
  }

  private static boolean isFullRange(AVFrame picture) {
    boolean grey = av_pix_fmt_desc_get(picture.format()).nb_components() < 3;
    return picture.color_range() == avutil.AVCOL_RANGE_JPEG
        || (picture.color_range() == avutil.AVCOL_RANGE_UNSPECIFIED && grey);
  }

  private static int matrix(int colorspace) {
    return switch (colorspace) {
      case avutil.AVCOL_SPC_BT709 -> swscale.SWS_CS_ITU709;
      case avutil.AVCOL_SPC_BT2020_NCL, avutil.AVCOL_SPC_BT2020_CL -> swscale.SWS_CS_BT2020;
      case avutil.AVCOL_SPC_SMPTE240M -> swscale.SWS_CS_SMPTE240M;
      case avutil.AVCOL_SPC_FCC -> swscale.SWS_CS_FCC;
      default -> swscale.SWS_CS_DEFAULT;
    };
  }

  private void reserve(int width, int height) {
    stride = (3 * width + 2 * ALIGN - 1) / ALIGN * ALIGN;
    long bytes = (long) stride * height + ALIGN;
    BytePointer rows = target;
    if (rows == null || rows.capacity() < bytes) {
      free(rows);
      rows = new BytePointer(bytes);
      target = rows;
      targetBytes = rows.asByteBuffer();
      targetRows.put(0, rows);
    }
    targetStrides.put(0, stride);
  }

  private static void free(@Nullable Pointer pointer) {
    if (pointer != null) {
      pointer.close();
    }
  }

  @Override
  public void close() {
    sws_freeContext(context);
    context = null;
    free(target);
    target = null;
    targetRows.close();
    targetStrides.close();
  }
}
