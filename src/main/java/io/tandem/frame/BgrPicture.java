package io.tandem.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Pictures as OpenCV and Spark's data source "image" hold them: rows of blue, green and red from
 * the top, each with one byte, perhaps with alpha behind them, or of grey values.
 */
public final class BgrPicture {
  private static final int HEADERS = 54;
  private static final int INFO = 40;

  private BgrPicture() {}

  /**
   * Returns the length of the file that {@link #bmp} makes of a picture, in bytes.
   *
   * @param channels 1 (grey), 3 (BGR) or 4 (BGR and alpha)
   * @param bytes how many bytes the picture has
   * @throws FrameException if the numbers do not fit each other
   */
  public static int fileLength(int width, int height, int channels, int bytes)
      throws FrameException {
    long pixels = (long) width * height;
    if (width <= 0 || height <= 0 || (channels != 1 && channels != 3 && channels != 4)) {
      throw new FrameException(
          "not an image: %d x %d pixels of %d channels".formatted(width, height, channels));
    }
    if (bytes != pixels * channels) {
      throw new FrameException(
          "the image has %d bytes; %d x %d pixels of %d channels are %d"
              .formatted(bytes, width, height, channels, pixels * channels));
    }
    long length = HEADERS + stride(width) * height;
    if (length > ByteSource.MAX_BYTES) {
      throw new FrameException("the image has %d x %d pixels, over 2 GB".formatted(width, height));
    }
    return (int) length;
  }

  /** A row of a BMP has a multiple of 4 bytes. */
  private static long stride(int width) {
    return (3L * width + 3) / 4 * 4;
  }

  /**
   * Returns the same pixels as a BMP file without compression, of 24 bits a pixel; alpha is
   * dropped.
   *
   * @param data height x width x channels bytes
   * @throws FrameException if the numbers do not fit each other
   */
  public static byte[] bmp(int width, int height, int channels, byte[] data) throws FrameException {
    byte[] file = new byte[fileLength(width, height, channels, data.length)];
    ByteBuffer.wrap(file)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 'B')
        .put((byte) 'M')
        .putInt(file.length)
        .putInt(0)
        .putInt(HEADERS)
        .putInt(INFO)
        .putInt(width)
        .putInt(height)
        .putShort((short) 1)
        .putShort((short) 24);
    int stride = (int) stride(width);
    for (int y = 0; y < height; y++) { // From the bottom.
      int from = (height - 1 - y) * width * channels;
      int at = HEADERS + y * stride;
      if (channels == 3) {
        System.arraycopy(data, from, file, at, 3 * width);
      } else {
        copyPixels(data, from, channels, width, file, at);
      }
    }
    return file;
  }

  private static void copyPixels(
      byte[] data, int from, int channels, int width, byte[] file, int at) {
    for (int x = 0; x < width; x++) {
      for (int c = 0; c < 3; c++) {
        file[at + 3 * x + c] = data[from + x * channels + (channels == 1 ? 0 : c)];
      }
    }
  }
}
