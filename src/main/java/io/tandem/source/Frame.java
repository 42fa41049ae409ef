package io.tandem.source;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * A frame of a job, as listed by its source.
 *
 * @param ref the identity of the frame
 * @param length the length of its file in bytes; 0 if it is unreadable, {@link #UNLISTED} if nobody
 *     has listed it
 * @param modifiedAtMillis the modification time of its file, in epoch milliseconds; null if unknown
 * @param index the position among the frames of the job, from 0
 * @param problem why its source knows that its file cannot be read, for example because there is
 *     none; null if it probably can
 * @param run the frames of a video that are decoded together with it; null for an image
 */
public record Frame(
    FrameRef ref,
    long length,
    @Nullable Long modifiedAtMillis,
    int index,
    @Nullable String problem,
    @Nullable VideoRun run)
    implements Serializable {
  /** The length of a file that was named but not listed: whoever reads it looks it up. */
  public static final long UNLISTED = -1;

  public Frame {
    // A file system without modification times reports 0.
    modifiedAtMillis = modifiedAtMillis != null && modifiedAtMillis == 0 ? null : modifiedAtMillis;
  }

  /** Returns the frame of an image file. */
  public static Frame image(String path, long length, @Nullable Long modifiedAtMillis, int index) {
    return new Frame(FrameRef.image(path), length, modifiedAtMillis, index, null, null);
  }

  /** Returns the frame of an image file that was named, but not listed. */
  public static Frame unlisted(String path, int index) {
    return image(path, UNLISTED, null, index);
  }

  /** Returns the same frame with what its file system says of its file. */
  public Frame listed(long bytes, @Nullable Long modified) {
    return new Frame(ref, bytes, modified, index, problem, run);
  }

  /** Returns the frame of an image file that does not exist. */
  public static Frame missing(String path, int index) {
    return unreadable(path, index, StorageException.MISSING);
  }

  /** Returns the frame of an image file that cannot be read. */
  public static Frame unreadable(String path, int index, String problem) {
    return new Frame(FrameRef.image(path), 0, null, index, problem, null);
  }

  /** Returns the same frame, which is not to be read; its length stays. */
  public Frame withProblem(String why) {
    return new Frame(ref, length, modifiedAtMillis, index, why, run);
  }

  /** Returns the same frame at another position among the frames of the job. */
  Frame at(int position) {
    return new Frame(ref, length, modifiedAtMillis, position, problem, run);
  }

  /**
   * Returns the bytes to read for the frame: those of its file, or its share of the bytes of its
   * run.
   */
  public long bytes() {
    return run == null ? Math.max(0, length) : run.share();
  }

  /** Returns whether a split may begin with this frame, if the other one comes before it. */
  boolean mayFollowInAnotherSplit(Frame before) {
    return run == null
        || before.run == null
        || run.segment() != before.run.segment()
        || !path().equals(before.path());
  }

  /** Returns whether its file is a video, also one that cannot be read. */
  boolean isOfVideo() {
    return VideoFiles.isVideo(path());
  }

  /** Returns whether its source knows that its file cannot be read. */
  public boolean isUnreadable() {
    return problem != null;
  }

  /** Returns whether the length of its file is known. */
  public boolean hasLength() {
    return length > 0 || (problem == null && length != UNLISTED);
  }

  /** Returns the path of its file, with scheme. */
  public String path() {
    return ref.uri();
  }
}
