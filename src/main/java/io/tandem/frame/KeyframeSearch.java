package io.tandem.frame;

import io.tandem.source.VideoRun;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;

/**
 * Finds the keyframe of a run. A container finds places by other times than those of the keyframes,
 * or only some of them: what comes before the keyframe is read, and not decoded.
 */
final class KeyframeSearch {
  private final VideoInput input;
  private boolean isOn;

  /** How far before the keyframe was sought last, in the units of the stream. */
  private long back;

  KeyframeSearch(VideoInput input) {
    this.input = input;
  }

  /**
   * Starts to search the keyframe of a run.
   *
   * @return whether the file can be sought; if not, it must be opened again
   */
  boolean start(VideoRun run) {
    back = 0;
    isOn = true;
    return input.seek(run.seek().at(), run.seek().inBytes()) >= 0;
  }

  /** Ends the search: the next packet is decoded, whatever it is. */
  void end() {
    isOn = false;
  }

  /** Returns whether the keyframe has not been read yet. */
  boolean isOn() {
    return isOn;
  }

  /**
   * Returns whether a packet is the keyframe, which ends the search. If it is a later one, the
   * search continues further back.
   *
   * @throws FrameException if the keyframe cannot be found
   */
  boolean ends(AVPacket packet, VideoRun run) throws FrameException {
    Long key = run.keyMicros();
    if (key == null) {
      isOn = false;
      if (!run.seek().inBytes() && packet.dts() != run.seek().at()) {
        throw notFound();
      }
      return true;
    }
    if (packet.pts() == avutil.AV_NOPTS_VALUE) {
      return false;
    }
    long after = input.micros(packet.pts(), run) - key;
    isOn = after != 0;
    if (after > 0 && (packet.flags() & avcodec.AV_PKT_FLAG_KEY) != 0) {
      furtherBack(run);
    }
    return after == 0;
  }

  /**
   * Continues further back, and at last from the start of the file on, from where everything is
   * decoded.
   *
   * @throws FrameException if the file cannot be sought
   */
  void furtherBack(VideoRun run) throws FrameException {
    AVRational unit = input.stream().time_base();
    back = back == 0 ? 1 + unit.den() / Math.max(1, unit.num()) : 2 * back;
    long first = input.stream().start_time();
    long start = first == avutil.AV_NOPTS_VALUE ? 0 : first;
    long at = run.seek().inBytes() ? start : Math.max(start, run.seek().at() - back);
    isOn = at > start;
    if (input.seek(at, false) < 0) {
      throw notFound();
    }
  }

  private static FrameException notFound() {
    return new FrameException(
        "damaged video: its keyframe cannot be found: it is not where the index says");
  }
}
