package io.tandem.frame;

import io.tandem.source.Frame;

/** Reads the bytes of frames; thread-safe. */
public interface ByteSource {
  /** The largest array that every JVM can allocate, in bytes. */
  int MAX_BYTES = Integer.MAX_VALUE - 16;

  /**
   * Reads the frame's listed length into the array, from its start.
   *
   * @throws FrameException if the file is gone, or shorter than listed
   */
  void read(Frame frame, byte[] into) throws FrameException;

  /**
   * Returns how many bytes {@link #read} needs.
   *
   * @throws FrameException if the frame is listed as missing, as empty, or as over 2 GB
   */
  static int length(Frame frame) throws FrameException {
    if (frame.problem() != null) {
      throw new FrameException(frame.problem());
    }
    if (frame.length() == 0) {
      throw new FrameException("the file is empty");
    }
    if (frame.length() > MAX_BYTES) {
      throw new FrameException("the file has %d bytes, over 2 GB".formatted(frame.length()));
    }
    return (int) frame.length();
  }
}
