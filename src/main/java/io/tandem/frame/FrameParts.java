package io.tandem.frame;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/** Divides the list of frames among lanes or tasks. */
public final class FrameParts {
  private FrameParts() {}

  /**
   * As many parts as asked for, of about the same number of bytes, none of them empty where there
   * are frames enough: the largest frame goes to the smallest part so far (Graham's LPT rule). Each
   * part is in the order of the list.
   */
  public static List<List<FrameFile>> balanced(List<FrameFile> frames, int parts) {
    record Part(int number, long bytes, int frames) {}
    PriorityQueue<Part> smallest =
        new PriorityQueue<>(
            Comparator.comparingLong(Part::bytes)
                .thenComparingInt(Part::frames)
                .thenComparingInt(Part::number));
    List<List<FrameFile>> result = new ArrayList<>();
    for (int i = 0; i < parts; i++) {
      smallest.add(new Part(i, 0, 0));
      result.add(new ArrayList<>());
    }
    List<FrameFile> largestFirst = new ArrayList<>(frames);
    largestFirst.sort(
        Comparator.comparingLong(FrameFile::length).reversed().thenComparingInt(FrameFile::index));
    for (FrameFile frame : largestFirst) {
      Part part = smallest.remove();
      result.get(part.number()).add(frame);
      smallest.add(new Part(part.number(), part.bytes() + frame.length(), part.frames() + 1));
    }
    result.forEach(part -> part.sort(Comparator.comparingInt(FrameFile::index)));
    return result;
  }

  /** Consecutive slices of {@code size} frames; the last may be shorter. */
  public static List<List<FrameFile>> slices(List<FrameFile> frames, int size) {
    List<List<FrameFile>> result = new ArrayList<>();
    for (int from = 0; from < frames.size(); from += size) {
      result.add(new ArrayList<>(frames.subList(from, Math.min(frames.size(), from + size))));
    }
    return result;
  }
}
