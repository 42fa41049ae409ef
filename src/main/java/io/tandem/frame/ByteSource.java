package io.tandem.frame;

import io.tandem.source.Frame;

/** Reads the bytes of frames; thread-safe. */
public interface ByteSource {
  /** The largest array that every JVM can allocate, in bytes. */
  int MAX_BYTES = Integer.MAX_VALUE - 16;

  /**
   * Returns the frame with the length of its file, which is looked up if nobody has listed it.
   *
   * @throws FrameException if it cannot be looked up, for example because there is no such file
   */
  default Frame listed(Frame frame) throws FrameException {
    return frame;
  }

  /**
   * Reads the frame's listed length, and allocates no more than twice the bytes that there are.
   *
   * @param spare an array to use if it is large enough; else a new one is returned
   * @return an array that begins with the frame's bytes
   * @throws FrameException if the file is gone, shorter than listed, or larger than {@link
   *     #maxBytes}
   */
  byte[] read(Frame frame, byte[] spare) throws FrameException;

  /**
   * Opens a file to read parts of it.
   *
   * @throws FrameException if it is listed as missing, or as empty
   */
  default FileBytes open(Frame frame) throws FrameException {
    throw new UnsupportedOperationException("reads whole files only");
  }

  /** Returns the size of the largest file that it reads, in bytes. */
  default int maxBytes() {
    return MAX_BYTES;
  }

  /**
   * Returns how many bytes {@link #read} reads.
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
