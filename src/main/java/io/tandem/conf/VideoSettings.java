package io.tandem.conf;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Which frames of a video are taken, and how a video is divided.
 *
 * @param segmentSeconds splits are cut at keyframes that are at least so far apart
 * @param every takes the first of so many frames
 * @param fps takes so many frames of a second, at most; null: all
 * @param startSeconds takes frames from this time on; null: from the first one on
 * @param endSeconds takes frames before this time; null: to the last one
 * @param limit takes so many frames of a video, at most, the first ones; 0: all
 */
public record VideoSettings(
    double segmentSeconds,
    int every,
    @Nullable Double fps,
    @Nullable Double startSeconds,
    @Nullable Double endSeconds,
    boolean keyframesOnly,
    int limit)
    implements Serializable {
  /** Takes all frames. */
  public static final VideoSettings ALL = new VideoSettings(2, 1, null, null, null, false, 0);

  public VideoSettings {
    Require.notNegative("frames.video.segment", segmentSeconds);
    Require.atLeast("frames.video.every", every, 1);
    Require.atLeast("frames.video.limit", limit, 0);
    if (fps != null && !(fps > 0)) {
      throw new SettingsException("frames.video.fps must be positive: " + fps);
    }
    if (startSeconds != null) {
      Require.notNegative("frames.video.start", startSeconds);
    }
    if (endSeconds != null && !(endSeconds > (startSeconds == null ? 0 : startSeconds))) {
      throw new SettingsException(
          "frames.video.end = %s s must be after frames.video.start = %s s"
              .formatted(endSeconds, startSeconds == null ? 0 : startSeconds));
    }
  }
}
