package io.tandem.lane;

import java.util.BitSet;

/** Numbers for the lanes of one executor under {@code infer}: the lowest that is free. */
public final class LaneSlots {
  private static final BitSet TAKEN = new BitSet();

  private LaneSlots() {}

  public static int take() {
    synchronized (TAKEN) {
      int slot = TAKEN.nextClearBit(0);
      TAKEN.set(slot);
      return slot;
    }
  }

  public static void free(int slot) {
    synchronized (TAKEN) {
      TAKEN.clear(slot);
    }
  }
}
