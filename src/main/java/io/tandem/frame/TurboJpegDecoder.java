package io.tandem.frame;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Decodes common JPEGs with libjpeg-turbo into planes of Y, Cb and Cr, as they are stored, or
 * shrunk by the inverse DCT itself to 1/2 or 1/4, which leaves out most of its work. Holds native
 * memory until closed; not thread-safe.
 */
final class TurboJpegDecoder implements AutoCloseable {
  /** TJSAMP_*, by its number: 4:4:4, 4:2:2, 4:2:0, grey, 4:4:0, 4:1:1. */
  private static final int[] PIXEL_FORMATS = {
    avutil.AV_PIX_FMT_YUV444P,
    avutil.AV_PIX_FMT_YUV422P,
    avutil.AV_PIX_FMT_YUV420P,
    avutil.AV_PIX_FMT_GRAY8,
    avutil.AV_PIX_FMT_YUV440P,
    avutil.AV_PIX_FMT_YUV411P
  };

  /** The number of bits by which the chroma planes are narrower, and lower. */
  private static final int[] CHROMA_WIDTH_BITS = {0, 1, 1, 0, 0, 2};

  private static final int[] CHROMA_HEIGHT_BITS = {0, 0, 1, 0, 1, 0};

  private static final int GREY = 3;
  private static final int PLANES = 3;
  private static final int ALIGN = 64;

  private final long handle = TurboJpeg.tjInitDecompress();
  private final long maxPixels;
  private final IntPointer size = new IntPointer(4L);
  private final BytePointer[] plane = new BytePointer[PLANES];
  private final PointerPointer<BytePointer> planes = new PointerPointer<>((long) PLANES);
  private final IntPointer strides = new IntPointer((long) PLANES);
  private BytePointer input = new BytePointer(0L);
  private BytePointer output = new BytePointer(0L);

  /**
   * Creates a decoder.
   *
   * @param maxPixels larger pictures are left to FFmpeg's decoder, which refuses them
   */
  TurboJpegDecoder(long maxPixels) {
    this.maxPixels = maxPixels;
  }

  /**
   * Decodes {@code bytes[0, length)} into {@code picture}, which then points into this decoder's
   * memory until the next call.
   *
   * @param shrink 1, 2 or 4: divides the stored width and height, rounded up
   * @return false if libjpeg-turbo finds damage, or does not support the kind of picture
   */
  boolean decode(byte[] bytes, int length, int shrink, AVFrame picture) {
    input = atLeast(input, length);
    input.put(bytes, 0, length);
    int read =
        TurboJpeg.tjDecompressHeader3(
            handle,
            input.address(),
            length,
            size.address(),
            size.address() + Integer.BYTES,
            size.address() + 2 * Integer.BYTES,
            size.address() + 3 * Integer.BYTES);
    int subsampling = size.get(2);
    boolean known = subsampling >= 0 && subsampling < PIXEL_FORMATS.length;
    if (read != 0 || !known || (long) size.get(0) * size.get(1) > maxPixels) {
      return false;
    }
    int width = ceilDiv(size.get(0), shrink);
    int height = ceilDiv(size.get(1), shrink);
    reserve(subsampling, width, height);
    int decoded =
        TurboJpeg.tjDecompressToYUVPlanes(
            handle,
            input.address(),
            length,
            planes.address(),
            width,
            strides.address(),
            height,
            TurboJpeg.STOP_ON_WARNING);
    if (decoded != 0) {
      return false;
    }
    describe(picture, subsampling, width, height);
    return true;
  }

  private void reserve(int subsampling, int width, int height) {
    // The library writes whole units, so that an odd plane has a column and a row more.
    int stride = ceilDiv(width, ALIGN) * ALIGN;
    int chromaStride = ceilDiv(stride >> CHROMA_WIDTH_BITS[subsampling], ALIGN) * ALIGN;
    int chromaHeight = ceilDiv(height, 1 << CHROMA_HEIGHT_BITS[subsampling]) + 1;
    long luma = (long) stride * (height + 1);
    long chroma = subsampling == GREY ? 0 : (long) chromaStride * chromaHeight;
    output = atLeast(output, luma + 2 * chroma + ALIGN);
    for (int i = 0; i < PLANES; i++) {
      plane[i] = output.getPointer(i == 0 ? 0 : luma + (i - 1) * chroma);
      planes.put(i, plane[i]);
      strides.put(i, i == 0 ? stride : chromaStride);
    }
  }

  private void describe(AVFrame picture, int subsampling, int width, int height) {
    picture.width(width);
    picture.height(height);
    picture.format(PIXEL_FORMATS[subsampling]);
    picture.color_range(avutil.AVCOL_RANGE_JPEG);
    picture.colorspace(avutil.AVCOL_SPC_BT470BG);
    for (int i = 0; i < (subsampling == GREY ? 1 : PLANES); i++) {
      picture.data(i, plane[i]);
      picture.linesize(i, strides.get(i));
    }
  }

  private static BytePointer atLeast(BytePointer memory, long bytes) {
    if (memory.capacity() >= bytes) {
      return memory;
    }
    memory.close();
    return new BytePointer(bytes + bytes / 4);
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** Frees the memory that it keeps for the next picture. */
  void trim() {
    input.close();
    input = new BytePointer(0L);
    output.close();
    output = new BytePointer(0L);
  }

  @Override
  public void close() {
    TurboJpeg.tjDestroy(handle);
    input.close();
    output.close();
    size.close();
    planes.close();
    strides.close();
  }
}
