package io.tandem.source;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a job, as its source lists it.
 *
 * @param ref which frame it is
 * @param length the bytes of its file; 0 where it is missing
 * @param modifiedAtMillis when its file was changed, in epoch milliseconds; null where unknown
 * @param index its place among the frames of the job, from 0
 * @param missing whether its source knows that there is no such file
 */
public record Frame(
    FrameRef ref, long length, @Nullable Long modifiedAtMillis, int index, boolean missing)
    implements Serializable {

  public Frame {
    // A file system that keeps no times says 0.
    modifiedAtMillis = modifiedAtMillis != null && modifiedAtMillis == 0 ? null : modifiedAtMillis;
  }

  /** Returns an image file's frame. */
  public static Frame image(String path, long length, @Nullable Long modifiedAtMillis, int index) {
    return new Frame(FrameRef.image(path), length, modifiedAtMillis, index, false);
  }

  /** Returns the frame of an image file that does not exist. */
  public static Frame missing(String path, int index) {
    return new Frame(FrameRef.image(path), 0, null, index, true);
  }

  /** Returns the path of its file, with the scheme. */
  public String path() {
    return ref.uri();
  }
}
