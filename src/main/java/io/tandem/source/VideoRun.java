package io.tandem.source;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a video from one keyframe to the next, in presentation order. They are decoded from
 * the keyframe on, and share this object.
 *
 * @param number of the run in its file, from 0
 * @param segment the segment of the file that the run belongs to; splits are cut between segments
 * @param firstNumber the rank of its first frame in the file; frames without timestamps are found
 *     by their rank in the run
 * @param keyMicros the presentation time of the keyframe, by the clock at the start of the file;
 *     null if the file has no timestamps
 * @param seek where to find the keyframe
 * @param share its bytes, divided by its frames
 * @param clock what the clock at the start of the file shows at the presentation time 0 of {@link
 *     FrameRef}, in microseconds
 * @param keyframesOnly whether no frame but keyframes is wanted of the file
 */
public record VideoRun(
    int number,
    int segment,
    long firstNumber,
    @Nullable Long keyMicros,
    Seek seek,
    int share,
    long clock,
    boolean keyframesOnly)
    implements Serializable {

  /**
   * Where a keyframe is.
   *
   * @param at its position in bytes, or its time in the units of the stream
   * @param inBytes which of both
   * @param shift how many microseconds less the file's own clock shows in the run than it would if
   *     it had not been set back
   */
  public record Seek(long at, boolean inBytes, long shift) implements Serializable {}
}
