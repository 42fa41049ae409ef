package io.tandem.lane;

import io.tandem.engine.Batch;
import io.tandem.frame.PixelBuffer;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one batch in order, and the buffer with the pixels of the frames without an error,
 * each in its slot. The buffer is reused after {@link Feed#release}.
 *
 * @param input what the engine gets; null if no frame has pixels, and their size is not known
 */
public record DecodedBatch(List<FramePlace> frames, PixelBuffer buffer, @Nullable Batch input) {

  public DecodedBatch {
    frames = List.copyOf(frames);
  }

  /**
   * Returns the pixels, uint8 RGB, in the layout of the decoder; slots without a frame hold stale
   * data.
   */
  public ByteBuffer pixels() {
    return buffer.bytes();
  }

  /** Returns the number of frames that have pixels. */
  public int decoded() {
    return (int) frames.stream().filter(frame -> frame.error() == null).count();
  }
}
