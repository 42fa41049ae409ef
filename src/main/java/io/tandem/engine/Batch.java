package io.tandem.engine;

import io.tandem.frame.PixelLayout;
import java.nio.ByteBuffer;

/**
 * The pixels of a batch, as input of an engine.
 *
 * @param pixels a direct buffer of uint8 RGB from offset 0, [frames, height, width, 3] or [frames,
 *     3, height, width] depending on the layout; may be longer
 * @param frames the number of frames of the shape; unused slots of a lane's last batch hold old
 *     pixels, so that all batches have the same shape
 */
public record Batch(ByteBuffer pixels, int frames, PixelLayout layout, int width, int height) {
  /** Returns the size of the shape in bytes. */
  public int bytes() {
    return Math.multiplyExact(Math.multiplyExact(frames, 3), Math.multiplyExact(width, height));
  }
}
