package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avutil.AV_FRAME_CROP_UNALIGNED;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_BGR24;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GBRP;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_GBRP16LE;
import static org.bytedeco.ffmpeg.global.avutil.AV_PIX_FMT_RGB24;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_apply_cropping;
import static org.bytedeco.ffmpeg.global.swscale.sws_freeContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_getCachedContext;
import static org.bytedeco.ffmpeg.global.swscale.sws_scale;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.swscale;
import org.bytedeco.ffmpeg.swscale.SwsContext;
import org.bytedeco.javacpp.DoublePointer;
import org.jspecify.annotations.Nullable;

/**
 * Scales a decoded picture of any size and pixel format to RGB of one size by swscale, whose
 * filters widen when they shrink a picture, as those of an antialiased resize do. It scales to
 * planes, which takes swscale half the time of scaling to interleaved pixels, and interleaves them
 * afterwards where that is asked for.
 */
final class FrameScaler implements AutoCloseable {
  // ITU-R BT.601 luma, in shares of 65,536.
  private static final int RED = 19_595;
  private static final int GREEN = 38_470;
  private static final int BLUE = 7_471;

  /**
   * Without full chroma, colours come out up to 2 of 255 too dark; it costs 6 % of the decoding.
   */
  private static final int FLAGS = swscale.SWS_ACCURATE_RND | swscale.SWS_FULL_CHR_H_INT;

  /** The cubic filters of Pillow and of PyTorch: B = 0, C = 0.5. */
  private static final double[] CUBIC = {0, 0.5};

  private final PixelLayout layout;
  private final Channels channels;
  private final int flags;
  private final boolean isAliased;
  private final @Nullable DoublePointer cubic;
  private final PlaneMemory planes = new PlaneMemory(3);

  /** 16 bits a value: with 8, swscale's unfiltered scaling is inexact. */
  private final PlaneMemory wide = new PlaneMemory(3);

  private final PlaneMemory interleaved = new PlaneMemory(1);
  private ByteBuffer luma = ByteBuffer.allocateDirect(0);
  private @Nullable SwsContext scaling;
  private @Nullable SwsContext interleaving;

  FrameScaler(PixelLayout layout, Channels channels, Framing.Filter filter) {
    this.flags =
        FLAGS
            | switch (filter) {
              case BILINEAR -> swscale.SWS_BILINEAR;
              case BICUBIC -> swscale.SWS_BICUBIC;
              case BILINEAR_ALIASED -> swscale.SWS_FAST_BILINEAR | swscale.SWS_FULL_CHR_H_INP;
            };
    this.isAliased = filter == Framing.Filter.BILINEAR_ALIASED;
    this.cubic = filter == Framing.Filter.BICUBIC ? new DoublePointer(CUBIC) : null;
    this.layout = channels == Channels.GREY ? PixelLayout.PLANES : layout;
    this.channels = channels;
  }

  /**
   * Cuts the picture, without copying, to the largest middle part of the given proportions, as it
   * is shown. As much is cut on one side as on the other, so that a turned picture keeps what its
   * upright twin keeps.
   */
  static void cropTo(AVFrame picture, PixelAspect aspect, int width, int height)
      throws FrameException {
    long high = (long) height * aspect.num();
    long wide = (long) width * aspect.den();
    long cutX = cut(picture.width(), picture.height() * wide / high);
    long cutY = cut(picture.height(), picture.width() * high / wide);
    picture.crop_left(cutX);
    picture.crop_right(cutX);
    picture.crop_top(cutY);
    picture.crop_bottom(cutY);
    int cropped = av_frame_apply_cropping(picture, AV_FRAME_CROP_UNALIGNED);
    if (cropped < 0) {
      throw new FrameException("cannot be cropped: " + FfmpegDecoder.describe(cropped));
    }
  }

  /**
   * Returns the number of pixels to cut on each side, so that at most {@code kept} are left, but at
   * least one.
   */
  private static long cut(long size, long kept) {
    return kept >= size ? 0 : Math.min((size - kept + 1) / 2, (size - 1) / 2);
  }

  /**
   * Returns the scaled picture in this scaler's layout: rows {@link #stride} bytes apart, and
   * planes {@link #planeBytes} apart, in the order of {@link #planeOf}. Valid until the next call.
   */
  ByteBuffer scale(AVFrame picture, int width, int height) throws FrameException {
    planes.reserve(width, height, 1);
    if (isAliased) {
      wide.reserve(width, height, 2);
      scale(picture, width, height, AV_PIX_FMT_GBRP16LE, wide);
      narrow(width, height);
    } else {
      scale(picture, width, height, AV_PIX_FMT_GBRP, planes);
    }
    return layout == PixelLayout.PLANES ? planes.bytes() : interleave(width, height);
  }

  private void scale(AVFrame picture, int width, int height, int toFormat, PlaneMemory to)
      throws FrameException {
    scaling =
        context(
            scaling, picture.width(), picture.height(), picture.format(), width, height, toFormat);
    if (scaling == null) {
      throw new FrameException(
          "%d x %d pixels of format %d cannot be scaled"
              .formatted(picture.width(), picture.height(), picture.format()));
    }
    ColourTags.apply(picture, scaling);
    int rows =
        sws_scale(
            scaling,
            picture.data(),
            picture.linesize(),
            0,
            picture.height(),
            to.rows(),
            to.strides());
    if (rows != height) {
      throw new FrameException("scaled to %d rows instead of %d".formatted(rows, height));
    }
  }

  /** Rounds 16 bits to 8. */
  private void narrow(int width, int height) {
    ShortBuffer from = wide.bytes().order(ByteOrder.LITTLE_ENDIAN).asShortBuffer();
    short[] row = new short[width];
    byte[] bytes = new byte[width];
    for (int y = 0; y < 3 * height; y++) {
      from.get(y * wide.stride() / 2, row);
      for (int x = 0; x < width; x++) {
        bytes[x] = (byte) Math.min(255, ((row[x] & 0xffff) + 128) >> 8);
      }
      planes.bytes().put(y * planes.stride(), bytes);
    }
  }

  private ByteBuffer interleave(int width, int height) throws FrameException {
    interleaved.reserve(width, height, 3);
    interleaving =
        context(
            interleaving,
            width,
            height,
            AV_PIX_FMT_GBRP,
            width,
            height,
            channels == Channels.BGR ? AV_PIX_FMT_BGR24 : AV_PIX_FMT_RGB24);
    if (interleaving == null) {
      throw new FrameException("%d x %d pixels cannot be interleaved".formatted(width, height));
    }
    sws_scale(
        interleaving,
        planes.rows(),
        planes.strides(),
        0,
        height,
        interleaved.rows(),
        interleaved.strides());
    return interleaved.bytes();
  }

  /** Returns null if swscale cannot do it; {@code before} is not to be used again then. */
  private @Nullable SwsContext context(
      @Nullable SwsContext before,
      int fromWidth,
      int fromHeight,
      int format,
      int width,
      int height,
      int toFormat) {
    SwsContext context =
        sws_getCachedContext(
            before,
            fromWidth,
            fromHeight,
            format,
            width,
            height,
            toFormat,
            flags,
            null,
            null,
            cubic);
    return context == null || context.isNull() ? null : context;
  }

  int stride() {
    return layout == PixelLayout.PLANES ? planes.stride() : interleaved.stride();
  }

  /**
   * Returns the luma of the scaled picture, [height, width], rounded as Pillow rounds it. Valid
   * until the next call.
   */
  ByteBuffer grey(int width, int height) {
    if (luma.capacity() < width * height) {
      luma = ByteBuffer.allocateDirect(width * height);
    }
    byte[][] rows = new byte[3][width];
    byte[] row = new byte[width];
    for (int y = 0; y < height; y++) {
      for (int channel = 0; channel < 3; channel++) {
        planes
            .bytes()
            .get(planeOf(channel) * planes.planeBytes() + y * planes.stride(), rows[channel]);
      }
      for (int x = 0; x < width; x++) {
        row[x] =
            (byte)
                (((rows[0][x] & 0xff) * RED
                        + (rows[1][x] & 0xff) * GREEN
                        + (rows[2][x] & 0xff) * BLUE
                        + (1 << 15))
                    >> 16);
      }
      luma.put(y * width, row);
    }
    return luma;
  }

  /** Returns the distance of two planes in bytes. */
  int planeBytes() {
    return planes.planeBytes();
  }

  /** Returns the index of the plane that holds R, G or B (channel 0, 1 or 2). */
  static int planeOf(int channel) {
    return (channel + 2) % 3; // They lie as G, B, R.
  }

  /** Frees the memory that it keeps for the next picture. */
  void trim() {
    planes.trim();
    wide.trim();
    interleaved.trim();
    luma = ByteBuffer.allocateDirect(0);
  }

  @Override
  public void close() {
    sws_freeContext(scaling);
    sws_freeContext(interleaving);
    scaling = null;
    interleaving = null;
    planes.close();
    wide.close();
    interleaved.close();
    if (cubic != null) {
      cubic.close();
    }
  }
}
