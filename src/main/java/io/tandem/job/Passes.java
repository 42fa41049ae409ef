package io.tandem.job;

import io.tandem.frame.FrameFile;
import io.tandem.infer.FrameResult;
import io.tandem.infer.Lane;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * A lane's frames, pass after pass without end, so that every batch is a full one. A frame that
 * failed is not tried again in later passes; where all failed, there is an end.
 */
final class Passes implements Iterator<Lane.Due> {
  private final List<FrameFile> frames;
  private final Set<FrameFile> failed = new HashSet<>();
  private int next;
  private int pass;

  Passes(List<FrameFile> frames) {
    this.frames = new ArrayList<>(frames);
  }

  /** Takes out those frames of a batch that failed. */
  void failed(Collection<FrameResult> batch) {
    for (FrameResult result : batch) {
      if (result.failed()) {
        failed.add(result.frame());
      }
    }
  }

  /** How many times the whole list was handed out. */
  int completed() {
    return pass;
  }

  @Override
  public boolean hasNext() {
    return !frames.isEmpty();
  }

  @Override
  public Lane.Due next() {
    if (frames.isEmpty()) {
      throw new NoSuchElementException("every frame failed");
    }
    Lane.Due due = new Lane.Due(frames.get(next), pass);
    next++;
    if (next == frames.size()) {
      next = 0;
      pass++;
      frames.removeAll(failed);
    }
    return due;
  }
}
