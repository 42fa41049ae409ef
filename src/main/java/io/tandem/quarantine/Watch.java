package io.tandem.quarantine;

import io.tandem.source.Frame;
import java.util.Map;

/** Watches the frames of one task, so that those in work are known if the process ends. */
interface Watch extends AutoCloseable {
  /** Returns whether each frame is predicted by itself. */
  boolean isOneByOne();

  /** Returns what is known of a frame. */
  Standing standing(Frame frame);

  /** Notes that work on a frame begins. */
  void begin(Frame frame, boolean alone);

  /** Notes that the work on a frame has ended. */
  void end(Frame frame);

  @Override
  void close();

  /** Knows what was known before the task, and notes nothing. */
  record Known(Map<String, Standing> standings) implements Watch {
    @Override
    public boolean isOneByOne() {
      return false;
    }

    @Override
    public Standing standing(Frame frame) {
      return standings.isEmpty()
          ? Standing.CLEAR
          : standings.getOrDefault(LostFrames.key(frame.ref()), Standing.CLEAR);
    }

    @Override
    public void begin(Frame frame, boolean alone) {}

    @Override
    public void end(Frame frame) {}

    @Override
    public void close() {}
  }
}
