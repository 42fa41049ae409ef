package io.tandem.frame;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a JPEG: what a decoder needs to know before it decodes, and which bytes to hand
 * to it. Reads up to the first scan, and to the end if there are several. Source: ITU-T T.81, annex
 * B; EXIF 2.32 for the orientation.
 *
 * <p>Without Huffman tables the standard ones hold (annex K, as Motion JPEG has it). Without
 * quantisation tables, or without scans that the frame needs, a file is damaged.
 */
final class JpegHeader {
  /** The first marker, with which every JPEG begins. */
  private static final int SOI_BYTES = 2;

  /** The offset of the tables in {@link #STANDARD_HUFFMAN_TABLES}. */
  private static final int DHT_PAYLOAD = 6;

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
  private final JpegScans.Tables tables = new JpegScans.Tables();
  private @Nullable JpegScans scans;
  private boolean huffman;
  private boolean jfif;
  private int adobeTransform = -1;
  private int frameMarker;
  private int precision;
  private int width;
  private int height;

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
      int next = at + 2 + shortAt(at + 2);
      if (marker == SOS) {
        readScans(at);
        break;
      }
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

  private void readScans(int at) {
    if (scans != null) {
      if (reliesOnStandardTables()) {
        tables.readHuffman(STANDARD_HUFFMAN_TABLES, DHT_PAYLOAD, STANDARD_HUFFMAN_TABLES.length);
      }
      scans.read(at, tables);
    }
  }

  /** Returns whether it has no Huffman tables, as Motion JPEG frames. */
  private boolean reliesOnStandardTables() {
    return !huffman && (frameMarker == 0xc0 || frameMarker == 0xc1);
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
      case DQT -> tables.readQuantisation(bytes, from, to);
      case DHT -> {
        huffman = true;
        tables.readHuffman(bytes, from, to);
      }
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
    scans = new JpegScans(bytes, length, marker, from + 5);
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

  /** Returns the bytes that decoding needs for each pixel, at most: samples, and coefficients. */
  int pixelBytes() {
    int components = scans == null ? 1 : scans.components();
    boolean keepsCoefficients = frameMarker == 0xc2;
    return components * ((precision > 8 ? 2 : 1) + (keepsCoefficients ? 2 : 0));
  }

  /**
   * Returns whether the JPEG is of the common kind: baseline or progressive Huffman coding, 8 bits,
   * Y or YCbCr, with its own tables.
   */
  boolean isCommon() {
    if (scans == null || !isHuffmanCoded() || precision != 8) {
      return false;
    }
    boolean colours =
        scans.components() == 1
            || (scans.components() == 3
                && adobeTransform != 0
                && (jfif || adobeTransform == 1 || scans.isNumbered()));
    return colours && huffman && scans.haveTheirTables() && !scans.isCut();
  }

  private boolean isHuffmanCoded() {
    return frameMarker >= 0xc0 && frameMarker <= 0xc2;
  }

  /**
   * Returns whether {@link #prefix} and {@link #kept} define all tables that the scans use; a
   * decoder that is reused would take those of the picture before.
   */
  boolean hasItsTables() {
    return scans != null && scans.haveTheirTables();
  }

  /**
   * Checks what a decoder does not, or says in its own words.
   *
   * @throws FrameException if tables or scans are missing, or no decoder reads this kind
   */
  void requireWhole() throws FrameException {
    if (frameMarker >= 0xc5) {
      throw new FrameException(
          "not supported: a JPEG with %s; convert it to a baseline or progressive one"
              .formatted(frameMarker <= 0xc7 ? "hierarchical coding" : "arithmetic coding"));
    }
    if (scans == null || scans.isEmpty() || !isHuffmanCoded()) {
      return;
    }
    if (!scans.areQuantised()) {
      throw new FrameException("damaged JPEG: no quantisation table");
    }
    if (scans.isCut()) {
      throw new FrameException("damaged JPEG: it ends before its last scan");
    }
  }

  /** Returns the bytes to decode before those of {@link #kept}. */
  byte[] prefix() {
    return reliesOnStandardTables() && scans != null && !scans.isEmpty()
        ? STANDARD_HUFFMAN_TABLES
        : SOI_ALONE;
  }

  /** Returns the bytes of which {@link #kept} has the ranges. */
  byte[] bytes() {
    return scans == null ? bytes : scans.numbered();
  }

  /** Returns the ranges of the file to pass to a decoder after the first marker, in order. */
  List<Range> kept() {
    return kept;
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

  private static final byte[] SOI_ALONE = HexFormat.of().parseHex("ffd8");

  /** The first marker, and a segment with the standard tables: ITU-T T.81, tables K.3 to K.6. */
  private static final byte[] STANDARD_HUFFMAN_TABLES =
      HexFormat.of()
          .parseHex(
              "ffd8ffc401a20000010501010101010100000000000000000102030405060708090a0b10000201030302"
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
