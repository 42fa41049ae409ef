package io.tandem.benchmark;

import io.tandem.lane.DueFrame;
import io.tandem.lane.FrameResult;
import io.tandem.source.Frame;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Iterates over a lane's frames in endless passes, so that every batch is full. A frame that has
 * failed before a pass begins is skipped; the iteration ends if all frames failed.
 */
final class Passes implements Iterator<DueFrame> {
  private final List<Frame> frames;
  private final Set<Frame> failed = new HashSet<>();

  /** Number of frames of each pass that was fully handed out. */
  private final List<Integer> sizes = new ArrayList<>();

  private int next;
  private int completed;
  private int doneOfPass;

  Passes(List<Frame> frames) {
    this.frames = new ArrayList<>(frames);
  }

  /** Records completed frames, in the order in which they were handed out. */
  void done(Collection<FrameResult> batch) {
    for (FrameResult result : batch) {
      if (result.failed()) {
        failed.add(result.frame());
      }
      doneOfPass++;
      if (completed < sizes.size() && doneOfPass == sizes.get(completed)) {
        completed++;
        doneOfPass = 0;
      }
    }
  }

  /** Returns the number of completed passes; frames in progress do not count. */
  int completed() {
    return completed;
  }

  @Override
  public boolean hasNext() {
    return !frames.isEmpty();
  }

  @Override
  public DueFrame next() {
    if (frames.isEmpty()) {
      throw new NoSuchElementException("every frame failed");
    }
    DueFrame due = new DueFrame(frames.get(next), sizes.size());
    next++;
    if (next == frames.size()) {
      next = 0;
      sizes.add(frames.size());
      frames.removeAll(failed);
    }
    return due;
  }
}
