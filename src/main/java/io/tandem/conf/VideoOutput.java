package io.tandem.conf;

import java.io.Serializable;

/**
 * The videos that a model of pictures makes of videos.
 *
 * @param write whether they are written
 * @param quality from 1 to 100
 */
public record VideoOutput(boolean write, VideoEncoding codec, int quality, VideoContainer container)
    implements Serializable {
  public VideoOutput {
    Require.between("output.video.quality", quality, 1, 100);
    if (!container.takes(codec)) {
      throw new SettingsException(
          "output.video.container = %s does not take output.video.codec = %s; use vp9, mp4 or mkv"
              .formatted(container, codec));
    }
  }
}
