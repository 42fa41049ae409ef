package io.tandem.source;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/** Divides frames into splits. */
public final class FrameSplits {
  private static final Comparator<List<Frame>> LARGEST_FIRST =
      Comparator.<List<Frame>>comparingLong(FrameSplits::bytes)
          .reversed()
          .thenComparingInt(unit -> unit.get(0).index());

  private FrameSplits() {}

  /**
   * Divides frames into parts of about the same number of bytes, none of them empty if there are
   * enough frames. Images and segments of videos are not divided, if there are enough: assigns the
   * largest remaining frame to the smallest part (Graham's LPT rule). Each part is in the order of
   * the list.
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
    List<List<Frame>> units = halved(joined(units(frames), parts), Math.min(parts, frames.size()));
    units.sort(LARGEST_FIRST);
    for (List<Frame> unit : units) {
      Part part = smallest.remove();
      result.get(part.number()).addAll(unit);
      smallest.add(
          new Part(part.number(), part.bytes() + bytes(unit), part.frames() + unit.size()));
    }
    result.forEach(part -> part.sort(Comparator.comparingInt(Frame::index)));
    return result;
  }

  /**
   * Joins consecutive segments of each video to at most {@code most} units of about the same number
   * of bytes: a lane that leaves out a segment decodes a few frames in vain on both sides of it.
   */
  private static List<List<Frame>> joined(List<List<Frame>> units, int most) {
    Map<String, Long> bytes = new HashMap<>();
    for (List<Frame> unit : units) {
      if (unit.get(0).run() != null) {
        bytes.merge(unit.get(0).path(), bytes(unit), Long::sum);
      }
    }
    List<List<Frame>> joined = new ArrayList<>();
    Frame before = null;
    long taken = 0;
    for (List<Frame> unit : units) {
      Frame first = unit.get(0);
      boolean continues =
          before != null
              && before.run() != null
              && first.run() != null
              && before.path().equals(first.path());
      taken = continues ? taken : 0;
      long share = Math.max(1, bytes.getOrDefault(first.path(), 0L) / most);
      // A unit belongs to the share in which its middle is.
      boolean joins = continues && (taken + bytes(unit) / 2) / share == (taken - 1) / share;
      if (joins) {
        joined.get(joined.size() - 1).addAll(unit);
      } else {
        joined.add(new ArrayList<>(unit));
      }
      taken += bytes(unit);
      before = unit.get(unit.size() - 1);
    }
    return joined;
  }

  /** Returns the images and the segments of videos, in order. */
  private static List<List<Frame>> units(List<Frame> frames) {
    List<List<Frame>> units = new ArrayList<>();
    for (int from = 0; from < frames.size(); ) {
      int to = boundary(frames, from + 1);
      units.add(frames.subList(from, to));
      from = to;
    }
    return units;
  }

  /**
   * Halves the longest parts until there are so many. The second half of a video's segment decodes
   * the first one again, but predictions take longer than that.
   */
  private static List<List<Frame>> halved(List<List<Frame>> parts, int least) {
    while (parts.size() < least) {
      int at = 0;
      for (int i = 1; i < parts.size(); i++) {
        at = parts.get(i).size() > parts.get(at).size() ? i : at;
      }
      List<Frame> longest = parts.get(at);
      int half = (longest.size() + 1) / 2;
      parts.set(at, longest.subList(0, half));
      parts.add(at + 1, longest.subList(half, longest.size()));
    }
    return parts;
  }

  private static long bytes(List<Frame> frames) {
    return frames.stream().mapToLong(Frame::bytes).sum();
  }

  /** Returns the first position from {@code at} on at which the list may be divided. */
  static int boundary(List<Frame> frames, int at) {
    int to = at;
    while (to < frames.size() && !frames.get(to).mayFollowInAnotherSplit(frames.get(to - 1))) {
      to++;
    }
    return to;
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
    return (int) (((long) a + b - 1) / b);
  }

  /**
   * Divides the list into consecutive parts of these sizes; in the middle of a video's segment, at
   * its end. If that leaves fewer parts than sizes, and than {@code least}, the longest are halved.
   */
  static List<List<Frame>> cut(List<Frame> frames, int[] sizes, int least) {
    return halved(cut(frames, sizes), Math.min(least, sizes.length));
  }

  /**
   * Divides the list into consecutive parts of these sizes; in the middle of a video's segment, at
   * its end.
   */
  static List<List<Frame>> cut(List<Frame> frames, int[] sizes) {
    List<List<Frame>> parts = new ArrayList<>(sizes.length);
    int from = 0;
    int due = 0;
    for (int size : sizes) {
      due += size;
      int to = due <= from ? from : boundary(frames, due);
      if (to > from) {
        parts.add(frames.subList(from, to));
        from = to;
      }
    }
    return parts;
  }
}
