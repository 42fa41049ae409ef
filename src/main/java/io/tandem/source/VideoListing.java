package io.tandem.source;

import java.io.Serializable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The frames of a video file, found without decoding. Immutable: nobody changes the arrays. */
public final class VideoListing implements Serializable {
  private static final long serialVersionUID = 1L;

  private final long[] micros;
  private final boolean isTimed;
  private final List<Keyframe> keyframes;
  private final Findings findings;

  /**
   * A keyframe.
   *
   * @param first the rank of the first frame of its run
   * @param micros its presentation time
   * @param bytes the bytes of its run
   */
  public record Keyframe(int first, long micros, VideoRun.Seek seek, long bytes)
      implements Serializable {}

  /**
   * What else was found.
   *
   * @param problem why frames are missing that the file should have; null if none is known to be
   * @param note what a user should know of the pictures, such as that they are interlaced; null if
   *     there is nothing
   * @param numbered how many frames have a known rank: those before the first damage
   * @param readBytes how many bytes were read to find the frames
   */
  public record Findings(
      @Nullable String problem, @Nullable String note, int numbered, long readBytes)
      implements Serializable {}

  /**
   * Creates a listing.
   *
   * @param micros the presentation times by the clock at the start of the file, ascending
   * @param isTimed whether they are the frames' own times, or only their order
   */
  public VideoListing(long[] micros, boolean isTimed, List<Keyframe> keyframes, Findings findings) {
    this.micros = micros;
    this.isTimed = isTimed;
    this.keyframes = List.copyOf(keyframes);
    this.findings = findings;
  }

  /** Returns a listing without frames. */
  public static VideoListing unreadable(String problem, long readBytes) {
    return new VideoListing(
        new long[0], true, List.of(), new Findings(problem, null, 0, readBytes));
  }

  /** Returns the number of frames. */
  public int size() {
    return micros.length;
  }

  /**
   * Returns the presentation time of a frame by the clock at the start of the file, in
   * microseconds.
   */
  public long micros(int frame) {
    return micros[frame];
  }

  /** Returns whether decoded pictures are found by their times, not by their order. */
  public boolean isTimed() {
    return isTimed;
  }

  /** Returns the keyframes in order; the first frame belongs to the first one. */
  public List<Keyframe> keyframes() {
    return keyframes;
  }

  /** Returns what else was found. */
  public Findings findings() {
    return findings;
  }
}
