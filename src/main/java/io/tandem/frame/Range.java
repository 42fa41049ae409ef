package io.tandem.frame;

import java.util.List;

/** A part of a file, {@code [from, to)}. */
record Range(int from, int to) {
  int length() {
    return to - from;
  }

  /** Returns the number of bytes in some ranges. */
  static int bytes(List<Range> ranges) {
    return ranges.stream().mapToInt(Range::length).sum();
  }
}
