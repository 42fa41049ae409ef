package io.tandem.frame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * The chunks of a PNG that make up its picture, verified by their checksums. All others are left
 * out, so that a decoder cannot stumble on them: text, times, colour profiles, the further pictures
 * of an animation. The orientation is read here. Source: PNG (Third Edition), sections 5 and 11.
 */
final class PngChunks {
  private static final int SIGNATURE_BYTES = 8;
  private static final int CHUNK_BYTES = 12; // Length, type and checksum.

  private final byte[] bytes;
  private final int length;
  private final List<Range> kept = new ArrayList<>();
  private Orientation orientation = Orientation.UPRIGHT;

  private PngChunks(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /**
   * Reads the chunks of {@code bytes[0, length)}, which begin with a PNG's first four bytes.
   *
   * @throws FrameException if a chunk of the picture is damaged or unknown
   */
  static PngChunks of(byte[] bytes, int length) throws FrameException {
    PngChunks chunks = new PngChunks(bytes, length);
    chunks.read();
    return chunks;
  }

  private void read() throws FrameException {
    kept.add(new Range(0, Math.min(SIGNATURE_BYTES, length)));
    boolean data = false;
    long at = SIGNATURE_BYTES;
    while (at + CHUNK_BYTES <= length) {
      int from = (int) at;
      long next = at + CHUNK_BYTES + (int32(from) & 0xffffffffL);
      String type = new String(bytes, from + 4, 4, StandardCharsets.ISO_8859_1);
      boolean critical = (bytes[from + 4] & 0x20) == 0;
      if (next > length) {
        if (critical) {
          throw new FrameException("damaged PNG: it ends in its chunk " + type);
        }
        break;
      }
      if (critical || type.equals("tRNS")) {
        keep(type, from, (int) next);
        data |= type.equals("IDAT");
      } else if (type.equals("eXIf") && isIntact(from, (int) next)) {
        orientation = new ExifOrientation(bytes, from + 8, (int) next - 4).read();
      }
      if (type.equals("IEND")) {
        break;
      }
      at = next;
    }
    if (!data) {
      throw new FrameException("damaged PNG: it has no picture data");
    }
  }

  private void keep(String type, int from, int to) throws FrameException {
    switch (type) {
      case "CgBI" ->
          throw new FrameException(
              "not supported: a PNG optimised for iOS (chunk CgBI); convert it to a standard PNG");
      case "IHDR", "PLTE", "tRNS", "IDAT", "IEND" -> {
        if (!isIntact(from, to)) {
          throw new FrameException("damaged PNG: wrong checksum of its chunk " + type);
        }
        kept.add(new Range(from, to));
      }
      default -> throw new FrameException("damaged PNG: unknown chunk " + type);
    }
  }

  private boolean isIntact(int from, int to) {
    CRC32 crc = new CRC32();
    crc.update(bytes, from + 4, to - from - 8);
    return (int) crc.getValue() == int32(to - 4);
  }

  /** Returns the ranges of the file to pass to a decoder, in order. */
  List<Range> kept() {
    return kept;
  }

  /** Returns the EXIF orientation; upright if there is none, or it cannot be read. */
  Orientation orientation() {
    return orientation;
  }

  private int int32(int at) {
    return (bytes[at] & 0xff) << 24
        | (bytes[at + 1] & 0xff) << 16
        | (bytes[at + 2] & 0xff) << 8
        | (bytes[at + 3] & 0xff);
  }
}
