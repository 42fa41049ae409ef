package io.tandem.source;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a job, as listed by its source.
 *
 * @param ref the identity of the frame
 * @param length the length of its file in bytes; 0 if it is missing
 * @param modifiedAtMillis the modification time of its file, in epoch milliseconds; null if unknown
 * @param index the position among the frames of the job, from 0
 * @param missing whether its source knows that the file does not exist
 */
public record Frame(
    FrameRef ref, long length, @Nullable Long modifiedAtMillis, int index, boolean missing)
    implements Serializable {

  public Frame {
    // A file system without modification times reports 0.
    modifiedAtMillis = modifiedAtMillis != null && modifiedAtMillis == 0 ? null : modifiedAtMillis;
  }

  /** Returns the frame of an image file. */
  public static Frame image(String path, long length, @Nullable Long modifiedAtMillis, int index) {
    return new Frame(FrameRef.image(path), length, modifiedAtMillis, index, false);
  }

  /** Returns the frame of an image file that does not exist. */
  public static Frame missing(String path, int index) {
    return new Frame(FrameRef.image(path), 0, null, index, true);
  }

  /** Returns the path of its file, with scheme. */
  public String path() {
    return ref.uri();
  }
}
