package io.tandem.frame;

/**
 * Reads the orientation from EXIF data: a TIFF header, then the entries of its first directory.
 * Source: EXIF 2.32, 4.5 and 4.6.2.
 */
final class ExifOrientation {
  private static final int TAG = 0x0112;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;

  private final byte[] bytes;
  private final int from;
  private final int to;
  private boolean little;

  /**
   * Creates a reader of {@code bytes[from, to)}.
   *
   * @param from the offset of the TIFF header
   */
  ExifOrientation(byte[] bytes, int from, int to) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
  }

  /** Returns the orientation; upright if the data says none, or is damaged. */
  Orientation read() {
    if (to - from < 8) {
      return Orientation.UPRIGHT;
    }
    little = bytes[from] == 'I';
    long directory = from + (uint16(from + 4) | (long) uint16(from + 6) << 16);
    if (!little) {
      directory = from + ((long) uint16(from + 4) << 16 | uint16(from + 6));
    }
    if (directory < from + 8 || directory + 2 > to) {
      return Orientation.UPRIGHT;
    }
    int entry = (int) directory + 2;
    for (int left = uint16((int) directory); left > 0 && entry + ENTRY_BYTES <= to; left--) {
      if (uint16(entry) == TAG && uint16(entry + 2) == SHORT) {
        return new Orientation(uint16(entry + 8));
      }
      entry += ENTRY_BYTES;
    }
    return Orientation.UPRIGHT;
  }

  private int uint16(int at) {
    int first = bytes[at] & 0xff;
    int second = bytes[at + 1] & 0xff;
    return little ? second << 8 | first : first << 8 | second;
  }
}
