package io.tandem.source;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Divides the list of frames among lanes or tasks. */
public final class FrameSplits {
  private FrameSplits() {}

  /**
   * As many parts as asked for, of about the same number of bytes, none of them empty where there
   * are frames enough: the largest frame goes to the smallest part so far (Graham's LPT rule). Each
   * part is in the order of the list.
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
   * Consecutive slices that get smaller to the end, so that workers who take one after the other
   * end at about the same time: for each worker one slice of the same size, together three quarters
   * of what is left, then again (factoring: Hummel, Schonberg and Flynn, 1992). Slices are whole
   * batches.
   *
   * @param least what a slice has at least, where so many are left
   * @param most what it has at most
   */
  public static List<List<Frame>> factored(
      List<Frame> frames, int workers, int batch, int least, int most) {
    List<List<Frame>> result = new ArrayList<>();
    int from = 0;
    int size = 0;
    while (from < frames.size()) {
      int left = frames.size() - from;
      if (result.size() % workers == 0) {
        int share = Math.min(most, Math.max(least, ceilDiv(3 * left, 4 * workers)));
        size = ceilDiv(share, batch) * batch;
      }
      int to = from + Math.min(left, size);
      result.add(new ArrayList<>(frames.subList(from, to)));
      from = to;
    }
    return result;
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /** Consecutive slices of {@code size} frames; the last may be shorter. */
  public static List<List<Frame>> slices(List<Frame> frames, int size) {
    List<List<Frame>> result = new ArrayList<>();
    for (int from = 0; from < frames.size(); from += size) {
      result.add(new ArrayList<>(frames.subList(from, Math.min(frames.size(), from + size))));
    }
    return result;
  }
}
