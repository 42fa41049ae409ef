package io.tandem.engine;

import io.tandem.frame.PixelLayout;
import java.nio.ByteBuffer;

/**
 * What a lane hands to its engine: the pixels of a batch.
 *
 * @param pixels a direct buffer of uint8 RGB from its start, [frames, height, width, 3] or [frames,
 *     3, height, width] by the layout; it may be longer
 * @param frames how many frames the shape has; a lane leaves the last places of its last batch as
 *     they were, so that all batches have one shape
 */
public record Batch(ByteBuffer pixels, int frames, PixelLayout layout, int width, int height) {
  /** Returns the bytes of the shape. */
  public int bytes() {
    return Math.multiplyExact(Math.multiplyExact(frames, 3), Math.multiplyExact(width, height));
  }
}
