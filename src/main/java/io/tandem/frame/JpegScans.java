package io.tandem.frame;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The components of a JPEG and its scans: the tables that they use, and the coefficients that they
 * bring. Source: ITU-T T.81, B.2.2, B.2.3 and G.1.1.1.
 */
final class JpegScans {
  private static final int COEFFICIENTS = 64;
  private static final int NONE_YET = -1;

  private static final int PROGRESSIVE = 0xc2;
  private static final int DHT = 0xc4;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int DQT = 0xdb;

  private final byte[] bytes;
  private final int length;
  private final int componentsAt;
  private final boolean progressive;
  private final int[] ids;
  private final int[] quantisation;

  /** The lowest bit known of each coefficient of each component; 0 is all of it. */
  private final int[][] lowestBits;

  private final List<Integer> headers = new ArrayList<>();
  private boolean quantised = true;
  private boolean coded = true;
  private boolean ended;

  /**
   * Creates the scans of a frame header, before the first one is read.
   *
   * @param bytes the file, of which {@code length} bytes count
   * @param marker the marker of the frame header
   * @param at the offset of the number of components, which are fully there
   */
  JpegScans(byte[] bytes, int length, int marker, int at) {
    int components = bytes[at] & 0xff;
    this.bytes = bytes;
    this.length = length;
    this.componentsAt = at;
    this.progressive = marker == PROGRESSIVE;
    this.ids = new int[components];
    this.quantisation = new int[components];
    this.lowestBits = new int[components][COEFFICIENTS];
    for (int i = 0; i < components; i++) {
      ids[i] = bytes[at + 1 + 3 * i] & 0xff;
      quantisation[i] = bytes[at + 3 + 3 * i] & 0xff;
      Arrays.fill(lowestBits[i], NONE_YET);
    }
  }

  /** The numbers of the tables that were defined so far, as bits. */
  static final class Tables {
    private int quantisation;
    private int dc;
    private int ac;

    /** Reads a segment with quantisation tables, {@code bytes[from, to)}. */
    void readQuantisation(byte[] bytes, int from, int to) {
      for (int at = from; at < to; at += 1 + (bytes[at] >> 4 == 0 ? 64 : 128)) {
        quantisation |= 1 << (bytes[at] & 0xf);
      }
    }

    /** Reads a segment with Huffman tables, {@code bytes[from, to)}. */
    void readHuffman(byte[] bytes, int from, int to) {
      int at = from;
      while (at + 17 <= to) {
        int codes = 0;
        for (int i = 1; i <= 16; i++) {
          codes += bytes[at + i] & 0xff;
        }
        if (bytes[at] >> 4 == 0) {
          dc |= 1 << (bytes[at] & 0xf);
        } else {
          ac |= 1 << (bytes[at] & 0xf);
        }
        at += 17 + codes;
      }
    }
  }

  /**
   * Reads the header of the first scan, and those of the others if the first one is not enough.
   *
   * @param marker the offset of the first scan's marker
   * @param tables the tables that are defined before it
   */
  void read(int marker, Tables tables) {
    int at = marker;
    boolean enough = false;
    while (!enough && at + 4 <= length && kind(at) != EOI) {
      int end = at + 2 + ((bytes[at + 2] & 0xff) << 8 | (bytes[at + 3] & 0xff));
      if (end > length) {
        return;
      }
      switch (kind(at)) {
        case SOS -> {
          headers.add(at);
          enough = readHeader(at + 4, end, tables) == ids.length && !progressive;
        }
        case DHT -> tables.readHuffman(bytes, at + 4, end);
        case DQT -> tables.readQuantisation(bytes, at + 4, end);
        default -> {}
      }
      at = enough ? end : nextMarker(end);
    }
    ended = enough || at + 2 <= length;
  }

  private int kind(int marker) {
    return bytes[marker + 1] & 0xff;
  }

  /** Returns the offset of the next marker from here on that is no restart; the length if none. */
  private int nextMarker(int from) {
    for (int at = from; at + 2 <= length; at++) {
      if (bytes[at] == (byte) 0xff) {
        int kind = kind(at);
        if (kind != 0 && kind != 0xff && (kind < 0xd0 || kind > 0xd7)) {
          return at;
        }
      }
    }
    return length;
  }

  /** Reads the header of a scan, {@code bytes[from, to)}; returns its number of components. */
  private int readHeader(int from, int to, Tables tables) {
    int count = from < to ? bytes[from] & 0xff : 0;
    if (count > ids.length || to - from < 4 + 2 * count) {
      return 0; // Damaged: left to the decoder.
    }
    int first = progressive ? bytes[to - 3] & 0xff : 0;
    int last = progressive ? Math.min(bytes[to - 2] & 0xff, COEFFICIENTS - 1) : COEFFICIENTS - 1;
    int bits = bytes[to - 1];
    boolean refines = progressive && (bits >> 4 & 0xf) > 0;
    for (int i = 0; i < count; i++) {
      int component = componentOf(bytes[from + 1 + 2 * i] & 0xff, count == ids.length ? i : 0);
      if (component < 0) {
        return 0;
      }
      int used = bytes[from + 2 + 2 * i];
      quantised &= (tables.quantisation >> quantisation[component] & 1) == 1;
      coded &= first > 0 || refines || (tables.dc >> (used >> 4 & 0xf) & 1) == 1;
      coded &= last == 0 || (tables.ac >> (used & 0xf) & 1) == 1;
      if (first <= last) {
        Arrays.fill(lowestBits[component], first, last + 1, progressive ? bits & 0xf : 0);
      }
    }
    return count;
  }

  /**
   * Returns the index of a component; of several with the same id the one from {@code place} on.
   */
  private int componentOf(int id, int place) {
    for (int i = 0; i < ids.length; i++) {
      int component = (place + i) % ids.length;
      if (ids[component] == id) {
        return component;
      }
    }
    return -1;
  }

  int components() {
    return ids.length;
  }

  /** Returns whether the scans' quantisation tables were all defined before them. */
  boolean areQuantised() {
    return quantised;
  }

  /**
   * Returns whether there is a scan, and all its tables are defined before it; a decoder that is
   * reused would take those of the picture before.
   */
  boolean haveTheirTables() {
    return !headers.isEmpty() && quantised && coded;
  }

  /** Returns whether there is no scan. */
  boolean isEmpty() {
    return headers.isEmpty();
  }

  /** Returns whether the file has no end marker, and its scans do not bring every coefficient. */
  boolean isCut() {
    return !ended
        && !Arrays.stream(lowestBits).flatMapToInt(Arrays::stream).allMatch(bit -> bit == 0);
  }

  /** Returns whether the components have the ids 1, 2, 3 and so on. */
  boolean isNumbered() {
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != i + 1) {
        return false;
      }
    }
    return true;
  }

  /**
   * Returns the file's bytes. If components share an id, they are numbered in a copy, because a
   * decoder would take the first one for all of them.
   */
  byte[] numbered() {
    if (Arrays.stream(ids).distinct().count() == ids.length) {
      return bytes;
    }
    byte[] numbered = Arrays.copyOf(bytes, length);
    for (int i = 0; i < ids.length; i++) {
      numbered[componentsAt + 1 + 3 * i] = (byte) (i + 1);
      for (int header : headers) {
        if ((bytes[header + 4] & 0xff) == ids.length) {
          numbered[header + 5 + 2 * i] = (byte) (i + 1);
        }
      }
    }
    return numbered;
  }
}
