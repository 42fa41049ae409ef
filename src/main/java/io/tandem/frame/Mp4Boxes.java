package io.tandem.frame;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Looks at the boxes of an MP4 or MOV file. Source: ISO/IEC 14496-12, 4.2. */
final class Mp4Boxes {
  private static final int HEADER_BYTES = 16;

  private Mp4Boxes() {}

  /**
   * Returns whether the file is in fragments, each with a header of its own.
   *
   * @throws IOException if the file cannot be read
   */
  static boolean hasFragments(FileBytes file) throws IOException {
    byte[] header = new byte[HEADER_BYTES];
    long at = 0;
    while (at + HEADER_BYTES <= file.length()) {
      for (int got = 0; got < HEADER_BYTES; ) {
        FileBytes.Part part = file.read(at + got);
        int bytes = Math.min(part.length(), HEADER_BYTES - got);
        System.arraycopy(part.array(), part.from(), header, got, bytes);
        got += bytes;
      }
      String type = new String(header, 4, 4, StandardCharsets.ISO_8859_1);
      if (type.equals("moof")) {
        return true;
      }
      long size = number(header, 0, 4);
      if (size == 1) {
        size = number(header, 8, 8);
      }
      if (size < 8) {
        return false; // 0: to the end of the file.
      }
      at += size;
      if (at < 0) {
        return false;
      }
    }
    return false;
  }

  private static long number(byte[] bytes, int at, int length) {
    long number = 0;
    for (int i = at; i < at + length; i++) {
      number = number << 8 | (bytes[i] & 0xff);
    }
    return number;
  }
}
