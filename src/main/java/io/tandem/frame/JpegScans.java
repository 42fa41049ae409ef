package io.tandem.frame;

import java.util.Arrays;

/**
 * The components of a JPEG, the tables that its scans use, and the coefficients that they bring.
 * Source: ITU-T T.81, B.2.2, B.2.3 and G.1.1.1.
 */
final class JpegScans {
  private static final int COEFFICIENTS = 64;
  private static final int NONE_YET = -1;

  private final boolean progressive;
  private final int[] ids;
  private final int[] quantisation;

  /** The lowest bit known of each coefficient of each component; 0 is all of it. */
  private final int[][] lowestBits;

  private boolean quantised = true;
  private boolean coded = true;

  /**
   * Creates the scans of a frame header.
   *
   * @param bytes the file
   * @param at the offset of the number of components, which are fully there
   */
  JpegScans(byte[] bytes, int at, boolean progressive) {
    int components = bytes[at] & 0xff;
    this.progressive = progressive;
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

  /** Reads the header of a scan, {@code bytes[from, to)}; returns its number of components. */
  int read(byte[] bytes, int from, int to, Tables tables) {
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
  boolean isQuantised() {
    return quantised;
  }

  /** Returns whether the scans' Huffman tables were all defined before them. */
  boolean isCoded() {
    return coded;
  }

  /** Returns whether the scans bring every coefficient in full. */
  boolean isComplete() {
    return Arrays.stream(lowestBits).flatMapToInt(Arrays::stream).allMatch(bit -> bit == 0);
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

  /** Returns whether two components have the same id. */
  boolean hasDoubleIds() {
    return Arrays.stream(ids).distinct().count() < ids.length;
  }
}
