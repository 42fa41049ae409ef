package io.tandem.frame;

import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/**
 * Expands pictures of one bit a pixel to a byte a pixel, because a picture of bits can only be cut
 * at whole bytes. Holds native memory until closed; not thread-safe.
 */
final class BilevelExpander implements AutoCloseable {
  private BytePointer output = new BytePointer(0L);

  /**
   * Makes the picture point to expanded pixels, until the next call; leaves other formats alone.
   */
  void expand(AVFrame picture) {
    boolean isWhiteZero = picture.format() == avutil.AV_PIX_FMT_MONOWHITE;
    if (!isWhiteZero && picture.format() != avutil.AV_PIX_FMT_MONOBLACK) {
      return;
    }
    int width = picture.width();
    int height = picture.height();
    if (output.capacity() < (long) width * height) {
      output.close();
      output = new BytePointer((long) width * height);
    }
    byte[] bits = new byte[(width + 7) / 8];
    byte[] row = new byte[width];
    BytePointer from = picture.data(0);
    for (int y = 0; y < height; y++) {
      from.position((long) y * picture.linesize(0)).get(bits);
      for (int x = 0; x < width; x++) {
        boolean one = (bits[x >> 3] >> (7 - (x & 7)) & 1) == 1;
        row[x] = (byte) (one == isWhiteZero ? 0 : 255);
      }
      output.position((long) y * width).put(row, 0, width);
    }
    output.position(0);
    picture.format(avutil.AV_PIX_FMT_GRAY8);
    picture.data(0, output);
    picture.linesize(0, width);
  }

  /** Frees the memory that it keeps for the next picture. */
  void trim() {
    output.close();
    output = new BytePointer(0L);
  }

  @Override
  public void close() {
    output.close();
  }
}
