package io.tandem.lane;

import io.tandem.frame.PixelBuffer;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * The frames of one batch in their order, and the buffer that holds the pixels of those that have
 * no error, each at its place. The buffer is used again after {@link BatchFeed#release}.
 */
public record DecodedBatch(List<FramePlace> frames, PixelBuffer buffer) {

  public DecodedBatch {
    frames = List.copyOf(frames);
  }

  /**
   * uint8 RGB, [batch size, height, width, 3]; places without a frame hold what was there before.
   */
  public ByteBuffer pixels() {
    return buffer.bytes();
  }

  /** How many of its frames have pixels. */
  public int decoded() {
    return (int) frames.stream().filter(frame -> frame.error() == null).count();
  }
}
