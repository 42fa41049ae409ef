package io.tandem.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Divides frames into splits. */
public final class FrameSplits {
  private FrameSplits() {}

  /**
   * Divides frames into parts of about the same number of bytes, none of them empty if there are
   * enough frames: assigns the largest remaining frame to the smallest part (Graham's LPT rule).
   * Each part is in the order of the list.
   */
  public static List<List<Frame>> balanced(List<Frame> frames, int parts) {
    record Part(int number, long bytes, int frames) {}
    PriorityQueue<Part> smallest =
        new PriorityQueue<>(
            Comparator.comparingLong(Part::bytes)
                .thenComparingInt(Part::frames)
                .thenComparingInt(Part::number));
    List<List<Frame>> result = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      smallest.add(new Part(i, 0, 0));
      result.add(new ArrayList<>());
    }
    List<Frame> largestFirst = new ArrayList<>(frames);
    largestFirst.sort(
        Comparator.comparingLong(Frame::length).reversed().thenComparingInt(Frame::index));
    for (Frame frame : largestFirst) {
      Part part = smallest.remove();
      result.get(part.number()).add(frame);
      smallest.add(new Part(part.number(), part.bytes() + frame.length(), part.frames() + 1));
    }
    result.forEach(part -> part.sort(Comparator.comparingInt(Frame::index)));
    return result;
  }

  /**
   * Returns the sizes of consecutive splits that decrease towards the end, so that workers finish
   * at about the same time. Each round gives every worker one split of the same size, together
   * three quarters of the remaining frames (factoring: Hummel, Schonberg and Flynn, 1992). Splits
   * are whole batches, except the last.
   *
   * @param least the minimum number of frames of a split, except the last
   * @param most the maximum number of frames of a split, before rounding up to whole batches
   */
  public static int[] factored(int frames, int workers, int batch, int least, int most) {
    List<Integer> sizes = new ArrayList<>();
    int size = 0;
    for (int left = frames; left > 0; left -= Math.min(left, size)) {
      if (sizes.size() % workers == 0) {
        int share = Math.min(most, Math.max(least, ceilDiv(3 * left, 4 * workers)));
        size = ceilDiv(share, batch) * batch;
      }
      sizes.add(Math.min(left, size));
    }
    return sizes.stream().mapToInt(Integer::intValue).toArray();
  }

  /** Returns the sizes of consecutive splits of {@code size} frames; the last may have fewer. */
  public static int[] even(int frames, int size) {
    int[] sizes = new int[ceilDiv(frames, size)];
    Arrays.fill(sizes, size);
    if (frames % size > 0) {
      sizes[sizes.length - 1] = frames % size;
    }
    return sizes;
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** Divides the list into consecutive parts of these sizes. */
  static List<List<Frame>> cut(List<Frame> frames, int[] sizes) {
    List<List<Frame>> parts = new ArrayList<>(sizes.length);
    int from = 0;
    for (int size : sizes) {
      parts.add(frames.subList(from, from + size));
      from += size;
    }
    return parts;
  }
}
