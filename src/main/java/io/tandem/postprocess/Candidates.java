package io.tandem.postprocess;

import java.util.Arrays;
import java.util.BitSet;

/**
 * The best candidates of a frame: pairs of box and class with their scores. Holds twice the limit
 * at most; among equal scores the lower index is better.
 */
final class Candidates {
  private static final long INDEX = 0xffffffffL;

  private final int limit;
  private final int classes;
  private final boolean isMultiLabel;

  /** Score and index of each, so that a larger key is a better candidate. */
  private long[] keys = new long[64];

  private int size;
  private long least = Long.MIN_VALUE;
  private float bestLeftOut;

  /**
   * Creates an empty collection.
   *
   * @param limit the number of candidates to keep
   * @param classes the number of classes of each box
   * @param isMultiLabel whether a box may have several; otherwise it has its best
   */
  Candidates(int limit, int classes, boolean isMultiLabel) {
    this.limit = limit;
    this.classes = classes;
    this.isMultiLabel = isMultiLabel;
  }

  /**
   * Adds a candidate.
   *
   * @param score above 0
   */
  void add(float score, int box, int column) {
    // The bits of positive floats are in the order of their values.
    long key = ((long) Float.floatToIntBits(score) << 32) | (~(box * classes + column) & INDEX);
    if (key < least) {
      leaveOut(key);
      return;
    }
    if (size == keys.length) {
      if (size < 2 * limit) {
        keys = Arrays.copyOf(keys, Math.min(2 * size, 2 * limit));
      } else {
        sort();
      }
    }
    keys[size++] = key;
  }

  /** Sorts the candidates, best first, and leaves out those beyond the limit. */
  void sort() {
    Arrays.sort(keys, 0, size);
    for (int i = 0, j = size - 1; i < j; i++, j--) {
      long key = keys[i];
      keys[i] = keys[j];
      keys[j] = key;
    }
    if (!isMultiLabel) {
      keepBestOfEachBox();
    }
    if (size > limit) {
      leaveOut(keys[limit]);
      size = limit;
    }
    if (size == limit) {
      least = keys[limit - 1];
    }
  }

  private void keepBestOfEachBox() {
    BitSet seen = new BitSet();
    int kept = 0;
    for (int i = 0; i < size; i++) {
      int box = index(i) / classes;
      if (!seen.get(box)) {
        seen.set(box);
        keys[kept++] = keys[i];
      }
    }
    size = kept;
  }

  private void leaveOut(long key) {
    bestLeftOut = Math.max(bestLeftOut, score(key));
  }

  /** Returns the number of candidates. */
  int size() {
    return size;
  }

  /** Returns the best score that was left out because of the limit; 0 if none was. */
  float bestLeftOut() {
    return bestLeftOut;
  }

  /** Returns the score of a candidate, after sorting. */
  float score(int at) {
    return score(keys[at]);
  }

  private static float score(long key) {
    return Float.intBitsToFloat((int) (key >>> 32));
  }

  /** Returns the box of a candidate, after sorting. */
  int box(int at) {
    return index(at) / classes;
  }

  /** Returns the class of a candidate, after sorting. */
  int column(int at) {
    return index(at) % classes;
  }

  private int index(int at) {
    return (int) (~keys[at] & INDEX);
  }
}
