package io.tandem.source;

import java.io.Serializable;

/**
 * One frame of the list: where it is, how many bytes it has, when it was changed (epoch
 * milliseconds; 0 where nobody told), and its place in the list. One that is {@code missing} is
 * known not to be there; it has no bytes.
 */
public record FrameFile(String path, long length, long modifiedAtMillis, int index, boolean missing)
    implements Serializable {

  public FrameFile(String path, long length, long modifiedAtMillis, int index) {
    this(path, length, modifiedAtMillis, index, false);
  }

  /** A frame of the list that is not there. */
  public static FrameFile missing(String path, int index) {
    return new FrameFile(path, 0, 0, index, true);
  }
}
