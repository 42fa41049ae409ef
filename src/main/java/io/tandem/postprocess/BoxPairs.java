package io.tandem.postprocess;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The pairs of two lists of objects: of the same label, those that overlap most first, each object
 * in one pair at most.
 *
 * @param ofFirst the overlap (IoU) of each object of the first list with its partner; 0 without one
 * @param ofSecond the same of the second list
 */
@SuppressWarnings("ArrayRecordComponent") // Made here, and read by one caller.
record BoxPairs(double[] ofFirst, double[] ofSecond) {
  /** The overlap from which two boxes show the same object, as COCO counts it. */
  private static final double PAIR = 0.5;

  private record Pair(int first, int second, double overlap) {}

  /** Returns the pairs of two lists; among equal overlaps the first of the lists go first. */
  static BoxPairs of(List<Detection> first, List<Detection> second) {
    List<Pair> possible = new ArrayList<>();
    for (int i = 0; i < first.size(); i++) {
      for (int j = 0; j < second.size(); j++) {
        double overlap = first.get(i).box().overlap(second.get(j).box());
        if (overlap >= PAIR && first.get(i).label().equals(second.get(j).label())) {
          possible.add(new Pair(i, j, overlap));
        }
      }
    }
    possible.sort(Comparator.comparingDouble(Pair::overlap).reversed());
    BoxPairs pairs = new BoxPairs(new double[first.size()], new double[second.size()]);
    for (Pair pair : possible) {
      if (pairs.ofFirst[pair.first] == 0 && pairs.ofSecond[pair.second] == 0) {
        pairs.ofFirst[pair.first] = pair.overlap;
        pairs.ofSecond[pair.second] = pair.overlap;
      }
    }
    return pairs;
  }

  /** Returns the smallest overlap of a pair; NaN if there is none. */
  double least() {
    return DoubleStream.of(ofFirst).filter(overlap -> overlap > 0).min().orElse(Double.NaN);
  }
}
