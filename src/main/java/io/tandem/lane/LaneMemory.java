package io.tandem.lane;

import io.tandem.conf.SettingsException;
import io.tandem.engine.Batch;
import io.tandem.telemetry.HostMemory;
import java.util.Locale;

/**
 * What the batches of one lane take outside the Java heap, without the model: their pixels, and the
 * tensor that the engine makes of them, which has at most 2 GB, because Java's buffers have no
 * more.
 *
 * @param frames the frames of a batch
 * @param frameBytes the pixels of a frame, in bytes
 * @param held how many frames have pixels at the same time
 */
record LaneMemory(int frames, long frameBytes, long held) {
  /** A pixel's value becomes a float. */
  private static final int TENSOR_BYTES = 4;

  /** The largest batch, in bytes of pixels. */
  static final long MOST_PIXELS = Integer.MAX_VALUE / TENSOR_BYTES;

  private static final long LEAST_BESIDE_HEAP = 256 << 20;

  static LaneMemory of(LaneSpec spec, int decodeThreads) {
    Batch frame = spec.testFrame();
    int frames = spec.batchSize();
    boolean ahead = decodeThreads > 0 && !spec.model().keepsSizes();
    return new LaneMemory(
        frames, bytes(frame), ahead ? 2L * frames + spec.feeding().lane().readAhead() : frames);
  }

  private static long bytes(Batch frame) {
    long pixels = (long) frame.width() * frame.height();
    return pixels > MOST_PIXELS ? pixels : pixels * frame.channels(); // Never beyond a long.
  }

  /** Returns the memory of this machine or container beside the Java heap, in bytes. */
  static long ofThisJvm() {
    return Math.max(LEAST_BESIDE_HEAP, HostMemory.besideHeap());
  }

  /**
   * Refuses a batch whose tensor is larger than a Java buffer.
   *
   * @throws SettingsException with the largest batch
   */
  void requireBatch() {
    long most = MOST_PIXELS / frameBytes;
    if (most == 0) {
      throw new SettingsException(
          "one frame of the model's size has more than 2 GB as a tensor; make it smaller (model.width, model.height)");
    }
    if (frames > most) {
      throw new SettingsException(
          "a batch of %s has more than 2 GB as a tensor; use at most %d frames (infer.batch-size, benchmark.batch-sizes)"
              .formatted(framesOf(frames), most));
    }
  }

  /**
   * Refuses what needs more memory than there is.
   *
   * @param memory beside the Java heap, in bytes
   * @throws SettingsException with the numbers
   */
  void requireWithin(long memory) {
    long needed = (held + (long) TENSOR_BYTES * frames) * frameBytes;
    if (needed > memory) {
      throw new SettingsException(
          String.format(
              Locale.ROOT,
              "a lane with batches of %s needs %d MB for pixels and tensors, and its machine has %d MB beside the Java heap; use smaller batches (infer.batch-size, benchmark.batch-sizes)%s",
              framesOf(frames),
              needed >> 20,
              memory >> 20,
              held > 2L * frames ? ", or a smaller lane.read-ahead" : ""));
    }
  }

  private String framesOf(int number) {
    return String.format(
        Locale.ROOT, "%d frame%s of %d bytes", number, number == 1 ? "" : "s", frameBytes);
  }
}
