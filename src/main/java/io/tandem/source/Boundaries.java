package io.tandem.source;

import io.tandem.source.DistributedFrames.Listed;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.jspecify.annotations.Nullable;

/** The positions at which distributed frames may be divided: anywhere but in a video's segment. */
final class Boundaries {
  static final Boundaries ANYWHERE = new Boundaries(null);

  /** The positions at which they may not be divided. */
  private final @Nullable BitSet inside;

  private Boundaries(@Nullable BitSet inside) {
    this.inside = inside;
  }

  /**
   * What one partition knows.
   *
   * @param inside positions in the partition that a frame before forbids
   */
  private record Part(int size, @Nullable Frame first, @Nullable Frame last, BitSet inside)
      implements Serializable {}

  /** Finds them in one pass over the frames. */
  static Boundaries of(JavaRDD<Listed> frames) {
    BitSet inside = new BitSet();
    int from = 0;
    Frame before = null;
    for (Part part : frames.mapPartitions(Boundaries::part).collect()) {
      Frame first = part.first;
      if (first == null) {
        continue;
      }
      if (before != null && !first.mayFollowInAnotherSplit(before)) {
        inside.set(from);
      }
      int at = from;
      part.inside.stream().forEach(position -> inside.set(at + position));
      from += part.size;
      before = part.last;
    }
    return new Boundaries(inside);
  }

  private static Iterator<Part> part(Iterator<Listed> frames) {
    BitSet inside = new BitSet();
    Frame first = null;
    Frame before = null;
    int size = 0;
    while (frames.hasNext()) {
      Frame frame = frames.next().frame();
      if (before == null) {
        first = frame;
      } else if (!frame.mayFollowInAnotherSplit(before)) {
        inside.set(size);
      }
      before = frame;
      size++;
    }
    return List.of(new Part(size, first, before, inside)).iterator();
  }

  /**
   * Divides the positions {@code from} to {@code to} into parts of about these sizes; returns where
   * each begins.
   */
  int[] starts(int from, int to, int[] sizes) {
    List<Integer> starts = new ArrayList<>();
    int start = from;
    int due = from;
    for (int size : sizes) {
      due += size;
      int end = inside == null || due >= to ? Math.min(due, to) : inside.nextClearBit(due);
      if (end > start) {
        starts.add(start);
        start = Math.min(end, to);
      }
    }
    return starts.stream().mapToInt(Integer::intValue).toArray();
  }
}
