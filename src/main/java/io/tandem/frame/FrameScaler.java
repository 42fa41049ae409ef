package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
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

  private final PointerPointer<BytePointer> targetRows = new PointerPointer<>(4);
  private final IntPointer targetStrides = new IntPointer(4);
  private @Nullable SwsContext context;
  private @Nullable BytePointer target;
  private ByteBuffer targetBytes = ByteBuffer.allocateDirect(0);
  private int stride;

  /** Cuts the picture, without copying, to the largest middle part of the given proportions. */
  static void cropTo(AVFrame picture, int width, int height) throws FrameException {
    long pictureWidth = picture.width();
    long pictureHeight = picture.height();
    long keptWidth = Math.max(1, Math.min(pictureWidth, pictureHeight * width / height));
    long keptHeight = Math.max(1, Math.min(pictureHeight, pictureWidth * height / width));
    picture.crop_left((pictureWidth - keptWidth) / 2);
    picture.crop_right(pictureWidth - keptWidth - (pictureWidth - keptWidth) / 2);
    picture.crop_top((pictureHeight - keptHeight) / 2);
    picture.crop_bottom(pictureHeight - keptHeight - (pictureHeight - keptHeight) / 2);
    int cropped = av_frame_apply_cropping(picture, AV_FRAME_CROP_UNALIGNED);
    if (cropped < 0) {
      throw new FrameException("cannot be cropped: " + FrameDecoder.describe(cropped));
    }
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
            swscale.SWS_BILINEAR | swscale.SWS_ACCURATE_RND,
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
   * swscale assumes limited range and BT.601 unless told: JPEG is full range, and a decoder that
   * knows better says so in the picture.
   */
  private static void tellColours(SwsContext sws, AVFrame picture) {
    IntPointer from = sws_getCoefficients(matrix(picture.colorspace()));
    IntPointer to = sws_getCoefficients(swscale.SWS_CS_DEFAULT);
    int fullRange = picture.color_range() == avutil.AVCOL_RANGE_JPEG ? 1 : 0;
    sws_setColorspaceDetails(sws, from, fullRange, to, 1, 0, 1 << 16, 1 << 16);
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
