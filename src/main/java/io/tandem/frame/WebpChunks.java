package io.tandem.frame;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The chunk of a WebP that holds its picture, of an animation the first one, and its orientation.
 * Alpha, colour profiles and metadata are left out. Source: RFC 9649, section 2.
 */
final class WebpChunks {
  private static final int HEADER_BYTES = 12; // "RIFF", a length, "WEBP".
  private static final int CHUNK_BYTES = 8;
  private static final int FRAME_BYTES = 16;

  private final byte[] bytes;
  private @Nullable Range picture;
  private Orientation orientation = Orientation.UPRIGHT;
  private int canvasWidth;
  private int canvasHeight;

  private WebpChunks(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads the chunks of {@code bytes[0, length)}, which begin with a WebP's header.
   *
   * @throws FrameException if there is no whole picture, or an animation's first one does not fill
   *     its canvas
   */
  static WebpChunks of(byte[] bytes, int length) throws FrameException {
    WebpChunks chunks = new WebpChunks(bytes);
    chunks.read(HEADER_BYTES, length);
    return chunks;
  }

  private void read(int from, int to) throws FrameException {
    long at = from;
    while (at + CHUNK_BYTES <= to) {
      int data = (int) at + CHUNK_BYTES;
      long size = int32((int) at + 4) & 0xffffffffL;
      String type = new String(bytes, (int) at, 4, StandardCharsets.ISO_8859_1);
      if (data + size > to) {
        if (picture == null) {
          throw new FrameException("damaged WebP: it ends in its chunk " + type.strip());
        }
        return;
      }
      chunk(type, data, data + (int) size);
      at = data + size + (size & 1);
    }
  }

  private void chunk(String type, int from, int to) throws FrameException {
    switch (type) {
      case "VP8 ", "VP8L" -> {
        if (picture == null) {
          picture = new Range(from - CHUNK_BYTES, to);
        }
      }
      case "VP8X" -> {
        if (to - from >= 10) {
          canvasWidth = 1 + int24(from + 4);
          canvasHeight = 1 + int24(from + 7);
        }
      }
      case "EXIF" -> exif(from, to);
      case "ANMF" -> {
        if (picture == null) {
          animated(from, to);
        }
      }
      default -> {} // Alpha, colour profiles, metadata.
    }
  }

  private void exif(int from, int to) {
    boolean prefixed =
        to - from > 6 && new String(bytes, from, 4, StandardCharsets.ISO_8859_1).equals("Exif");
    orientation = new ExifOrientation(bytes, prefixed ? from + 6 : from, to).read();
  }

  private void animated(int from, int to) throws FrameException {
    if (to - from < FRAME_BYTES) {
      throw new FrameException("damaged WebP: its animation has no complete picture");
    }
    boolean whole =
        int24(from) == 0
            && int24(from + 3) == 0
            && 1 + int24(from + 6) == canvasWidth
            && 1 + int24(from + 9) == canvasHeight;
    if (!whole) {
      throw new FrameException(
          "not supported: an animated WebP whose first picture does not fill its canvas");
    }
    read(from + FRAME_BYTES, to);
  }

  /**
   * Returns the range of the picture's chunk.
   *
   * @throws FrameException if there is none
   */
  Range picture() throws FrameException {
    if (picture == null) {
      throw new FrameException("damaged WebP: it has no picture data");
    }
    return picture;
  }

  /** Returns the header of a WebP with one chunk. */
  static byte[] header(Range chunk) {
    int size = 4 + chunk.length() + (chunk.length() & 1);
    byte[] header = "RIFF0000WEBP".getBytes(StandardCharsets.ISO_8859_1);
    for (int i = 0; i < 4; i++) {
      header[4 + i] = (byte) (size >> (8 * i));
    }
    return header;
  }

  /** Returns the EXIF orientation; upright if there is none, or it cannot be read. */
  Orientation orientation() {
    return orientation;
  }

  private int int24(int at) {
    return (bytes[at] & 0xff) | (bytes[at + 1] & 0xff) << 8 | (bytes[at + 2] & 0xff) << 16;
  }

  private int int32(int at) {
    return int24(at) | (bytes[at + 3] & 0xff) << 24;
  }
}
