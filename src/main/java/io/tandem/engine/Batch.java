package io.tandem.engine;

import io.tandem.frame.PixelLayout;
import java.nio.ByteBuffer;

/**
 * The pixels of a batch, as input of an engine.
 *
 * @param pixels a direct buffer of uint8 from offset 0, [frames, height, width, channels] or
 *     [frames, channels, height, width] depending on the layout; may be longer
 * @param frames the number of frames of the shape; unused slots of a lane's last batch hold old
 *     pixels, so that all batches have the same shape
 */
public record Batch(
    ByteBuffer pixels, int frames, PixelLayout layout, int channels, int width, int height) {
  /** Creates a batch of three channels. */
  public Batch(ByteBuffer pixels, int frames, PixelLayout layout, int width, int height) {
    this(pixels, frames, layout, 3, width, height);
  }

  /** Returns the size of the shape in bytes. */
  public int bytes() {
    return Math.multiplyExact(
        Math.multiplyExact(frames, channels), Math.multiplyExact(width, height));
  }
}
