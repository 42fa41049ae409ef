package io.tandem.run;

import java.io.Serializable;

/**
 * Some of a number of frames, spread evenly.
 *
 * @param frames how many there are
 * @param most how many to take at most; 0 for none
 */
public record FrameSample(int frames, int most) implements Serializable {
  /** Returns whether the frame at an index is taken. */
  public boolean contains(int index) {
    if (frames <= most && most > 0) {
      return true;
    }
    long before = (long) (index - 1) * most;
    long here = (long) index * most;
    return most > 0 && (index == 0 || Math.floorDiv(here, frames) != Math.floorDiv(before, frames));
  }
}
