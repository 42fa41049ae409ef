package io.tandem.lane;

import io.tandem.frame.FrameException;
import io.tandem.source.Frame;

/** Where the bytes of frames come from; for several threads. */
public interface FrameSource {

  /**
   * Reads the frame's listed length into the array, from its start.
   *
   * @throws FrameException where the file is gone, or shorter than listed
   */
  void read(Frame frame, byte[] into) throws FrameException;
}
