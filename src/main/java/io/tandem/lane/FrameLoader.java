package io.tandem.lane;

import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.FrameException;
import io.tandem.frame.PixelBuffer;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * Reads and decodes single frames, on whichever thread calls it. A frame's own error is recorded as
 * its error; anything else as the failure of the lane. Reuses the arrays of files. Thread-safe.
 */
final class FrameLoader {
  private final ByteSource source;
  private final Deque<byte[]> arrays = new ConcurrentLinkedDeque<>();

  FrameLoader(ByteSource source) {
    this.source = source;
  }

  /** Reads the file of a frame that has started to be read; returns false if that failed. */
  boolean read(FramePlace frame) {
    try {
      byte[] bytes = array(ByteSource.length(frame.due().frame()));
      source.read(frame.due().frame(), bytes);
      frame.moments().readTo = System.nanoTime();
      frame.bytes(bytes);
      return true;
    } catch (FrameException e) {
      frame.failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      frame.broke(e);
    }
    return false;
  }

  /** Decodes a frame that was read into its slot. */
  void decode(FramePlace frame, FrameDecoder decoder) {
    byte[] bytes = Objects.requireNonNull(frame.bytes());
    PixelBuffer buffer = Objects.requireNonNull(frame.buffer());
    try {
      int length = ByteSource.length(frame.due().frame());
      frame.moments().decodeFrom = System.nanoTime();
      frame.geometry(
          decoder.decode(bytes, length, buffer.bytes(), frame.number() * decoder.frameBytes()));
      frame.moments().decodeTo = System.nanoTime();
    } catch (FrameException e) {
      frame.decodeFailed(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      frame.broke(e);
    } finally {
      frame.bytes(null);
      arrays.push(bytes);
    }
  }

  /** Returns a reused array if it is large enough, otherwise a new one. */
  private byte[] array(int length) {
    byte[] used = arrays.poll();
    return used != null && used.length >= length
        ? used
        : new byte[(int) Math.min(Integer.MAX_VALUE - 16, length + (long) length / 4)];
  }
}
