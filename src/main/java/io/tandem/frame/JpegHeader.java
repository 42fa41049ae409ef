package io.tandem.frame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The segments of a JPEG up to its first scan: what a decoder needs to know before it decodes, and
 * which bytes to hand to it. Source: ITU-T T.81, annex B; EXIF 2.32 for the orientation.
 *
 * <p>A decoder that is reused keeps tables from the picture before, so a file without its own must
 * not reach one as it is: without Huffman tables the standard ones hold (annex K, as Motion JPEG
 * has it), without quantisation tables it is damaged.
 */
final class JpegHeader {
  /** A part of the file, {@code [from, to)}. */
  record Range(int from, int to) {
    int length() {
      return to - from;
    }
  }

  /** The first marker, with which every JPEG begins. */
  static final int SOI_BYTES = 2;

  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DQT = 0xdb;
  private static final int DHT = 0xc4;
  private static final int APP0 = 0xe0;
  private static final int APP1 = 0xe1;
  private static final int APP14 = 0xee;
  private static final int APP15 = 0xef;

  private final byte[] bytes;
  private final int length;
  private final List<Range> kept = new ArrayList<>();
  private Orientation orientation = Orientation.UPRIGHT;
  private boolean complete;
  private boolean quantised;
  private boolean huffman;
  private boolean jfif;
  private int adobeTransform = -1;
  private int frameMarker;
  private int precision;
  private int width;
  private int height;
  private int components;
  private boolean numbered;

  private JpegHeader(byte[] bytes, int length) {
    this.bytes = bytes;
    this.length = length;
  }

  /** Reads the segments of {@code bytes[0, length)}, which begin with a JPEG's first marker. */
  static JpegHeader of(byte[] bytes, int length) {
    JpegHeader header = new JpegHeader(bytes, length);
    header.read();
    return header;
  }

  private void read() {
    int keptFrom = SOI_BYTES;
    int at = SOI_BYTES;
    while (at + 4 <= length && byteAt(at) == 0xff) {
      int marker = byteAt(at + 1);
      if (marker == 0xff) { // A fill byte.
        at++;
        continue;
      }
      if (marker == SOS) {
        complete = true;
        break;
      }
      int next = at + 2 + shortAt(at + 2);
      if (marker == SOI || marker == EOI || marker < 0xc0 || shortAt(at + 2) < 2 || next > length) {
        break;
      }
      segment(marker, at + 4, next);
      if (isDropped(marker)) {
        keep(keptFrom, at);
        keptFrom = next;
      }
      at = next;
    }
    keep(keptFrom, length);
  }

  /** EXIF, colour profiles and the like: read here or not used, and a decoder may stumble on it. */
  private static boolean isDropped(int marker) {
    return marker > APP0 && marker <= APP15 && marker != APP14;
  }

  private void keep(int from, int to) {
    if (from < to) {
      kept.add(new Range(from, to));
    }
  }

  private void segment(int marker, int from, int to) {
    switch (marker) {
      case DQT -> quantised = true;
      case DHT -> huffman = true;
      case APP0 -> jfif |= startsWith(from, to, "JFIF\0");
      case APP1 -> {
        if (startsWith(from, to, "Exif\0\0")) {
          orientation = new ExifOrientation(bytes, from + 6, to).read();
        }
      }
      case APP14 -> {
        if (startsWith(from, to, "Adobe") && from + 11 < to) {
          adobeTransform = byteAt(from + 11);
        }
      }
      default -> {
        if (marker >= 0xc0 && marker <= 0xcf && marker != 0xc8 && marker != 0xcc) {
          frame(marker, from, to);
        }
      }
    }
  }

  private void frame(int marker, int from, int to) {
    if (to - from < 6 || to - from < 6 + 3 * byteAt(from + 5)) {
      return;
    }
    frameMarker = marker;
    precision = byteAt(from);
    height = shortAt(from + 1);
    width = shortAt(from + 3);
    components = byteAt(from + 5);
    numbered = true;
    for (int i = 0; i < components; i++) {
      numbered &= byteAt(from + 6 + 3 * i) == i + 1;
    }
  }

  /** Returns the EXIF orientation; upright if there is none, or it cannot be read. */
  Orientation orientation() {
    return orientation;
  }

  int width() {
    return width;
  }

  int height() {
    return height;
  }

  /**
   * Returns whether the JPEG is of the common kind: baseline or progressive Huffman coding, 8 bits,
   * Y or YCbCr, with its own tables.
   */
  boolean isCommon() {
    boolean coding = frameMarker >= 0xc0 && frameMarker <= 0xc2;
    boolean colours =
        components == 1
            || (components == 3
                && adobeTransform != 0
                && (jfif || adobeTransform == 1 || numbered));
    return complete && quantised && huffman && coding && precision == 8 && colours;
  }

  /** Returns whether it has a scan but no quantisation tables. */
  boolean lacksQuantisation() {
    return complete && !quantised && frameMarker >= 0xc0 && frameMarker <= 0xc2;
  }

  /** Returns whether it relies on the standard Huffman tables, as Motion JPEG frames do. */
  boolean lacksHuffmanTables() {
    return complete && !huffman && (frameMarker == 0xc0 || frameMarker == 0xc1);
  }

  /** Returns the ranges of the file to pass to a decoder after the first marker, in order. */
  List<Range> kept() {
    return kept;
  }

  int keptBytes() {
    return kept.stream().mapToInt(Range::length).sum();
  }

  private boolean startsWith(int from, int to, String magic) {
    return to - from >= magic.length()
        && magic.equals(new String(bytes, from, magic.length(), StandardCharsets.ISO_8859_1));
  }

  private int byteAt(int at) {
    return bytes[at] & 0xff;
  }

  private int shortAt(int at) {
    return byteAt(at) << 8 | byteAt(at + 1);
  }

  /** The segment with the standard Huffman tables: ITU-T T.81, tables K.3 to K.6. */
  static final byte[] STANDARD_HUFFMAN_TABLES =
      HexFormat.of()
          .parseHex(
              "ffc401a20000010501010101010100000000000000000102030405060708090a0b10000201030302"
                  + "0403050504040000017d01020300041105122131410613516107227114328191a1082342b1c11552"
                  + "d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a5354555657"
                  + "58595a636465666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5"
                  + "a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8"
                  + "e9eaf1f2f3f4f5f6f7f8f9fa0100030101010101010101010000000000000102030405060708090a"
                  + "0b110002010204040304070504040001027700010203110405213106124151076171132232810814"
                  + "4291a1b1c109233352f0156272d10a162434e125f11718191a262728292a35363738393a43444546"
                  + "4748494a535455565758595a636465666768696a737475767778797a82838485868788898a929394"
                  + "95969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2d3d4d5d6d7d8"
                  + "d9dae2e3e4e5e6e7e8e9eaf2f3f4f5f6f7f8f9fa");
}
