package io.tandem.frame;

import java.util.Arrays;
import org.bytedeco.ffmpeg.avcodec.AVCodecParameters;

/** What all segments of a video have in common, because one file holds it once. */
final class SegmentFormat {
  private final int width;
  private final int height;
  private final int codec;
  private final byte[] header;

  /** Takes the format of a segment; sizes are in pixels. */
  SegmentFormat(AVCodecParameters segment) {
    this.width = segment.width();
    this.height = segment.height();
    this.codec = segment.codec_id();
    this.header = new byte[segment.extradata_size()];
    if (header.length > 0) {
      segment.extradata().get(header);
    }
  }

  /**
   * Requires that another segment has the same format.
   *
   * @throws FrameException if its pictures have another size, or were encoded with other settings
   */
  void require(SegmentFormat other) throws FrameException {
    if (width != other.width || height != other.height) {
      throw new FrameException(
          "its pictures are of %d x %d pixels first and %d x %d later, which one file cannot hold"
              .formatted(width, height, other.width, other.height));
    }
    if (codec != other.codec || !Arrays.equals(header, other.header)) {
      throw new FrameException("its segments were encoded with different settings");
    }
  }
}
