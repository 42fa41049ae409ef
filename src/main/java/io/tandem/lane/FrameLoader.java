package io.tandem.lane;

import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.FrameException;
import io.tandem.frame.Geometry;
import io.tandem.frame.PixelBuffer;
import io.tandem.source.Frame;
import java.nio.ByteBuffer;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Reads and decodes single frames, on whichever thread calls it. A frame's own error is recorded as
 * its error; anything else as the failure of the lane. Reuses the arrays of files. Thread-safe.
 */
final class FrameLoader {
  private static final byte[] NONE = {};

  /** Larger arrays, in bytes, are not kept for the next frame. */
  private static final int MOST_KEPT = 32 << 20;

  private final ByteSource source;
  private final @Nullable PixelPool pool;
  private final Deque<byte[]> arrays = new ConcurrentLinkedDeque<>();

  /** Creates a loader of frames that have a slot before they are decoded. */
  FrameLoader(ByteSource source) {
    this(source, null);
  }

  /**
   * Creates a loader.
   *
   * @param pool for frames that keep their own sizes; null if all have slots
   */
  FrameLoader(ByteSource source, @Nullable PixelPool pool) {
    this.source = source;
    this.pool = pool;
  }

  /** Reads the file of a frame that has started to be read; returns false if that failed. */
  boolean read(FramePlace frame) {
    try {
      byte[] used = arrays.poll();
      frame.listed(source.listed(frame.due().frame()));
      byte[] bytes = source.read(frame.due().frame(), used == null ? NONE : used);
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

  /**
   * Decodes a frame into its slot or into a buffer of its own: an image that was read, or a frame
   * of a video, which is read with those before it.
   */
  void decode(FramePlace frame, FrameDecoder decoder) {
    if (frame.isOfVideo()) {
      decodeVideo(frame, decoder);
    } else {
      decodeImage(frame, decoder);
    }
  }

  private void decodeVideo(FramePlace frame, FrameDecoder decoder) {
    Frame due = frame.due().frame();
    try {
      if (due.problem() != null) {
        throw new FrameException(due.problem());
      }
      frame.geometry(
          pool == null
              ? decoder.decode(due, source, slot(frame), frame.number() * decoder.frameBytes())
              : decoder.decodeWhole(due, source, ownMemory(frame, decoder)));
      frame.moments().decodeTo = System.nanoTime();
      frame.moments().readTo = frame.moments().readFrom + decoder.readNanos();
      frame.moments().decodeFrom = frame.moments().readTo;
    } catch (FrameException e) {
      frame.moments().readTo = System.nanoTime();
      release(frame);
      frame.decodeFailed(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      frame.broke(e);
    }
  }

  private void decodeImage(FramePlace frame, FrameDecoder decoder) {
    byte[] bytes = Objects.requireNonNull(frame.bytes());
    try {
      int length = ByteSource.length(frame.due().frame());
      frame.moments().decodeFrom = System.nanoTime();
      frame.geometry(
          pool == null ? slot(frame, decoder, bytes, length) : own(frame, decoder, bytes, length));
      frame.moments().decodeTo = System.nanoTime();
    } catch (FrameException e) {
      release(frame);
      frame.decodeFailed(String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      frame.broke(e);
    } finally {
      frame.bytes(null);
      if (bytes.length <= MOST_KEPT) {
        arrays.push(bytes);
      }
    }
  }

  private static Geometry slot(FramePlace frame, FrameDecoder decoder, byte[] bytes, int length)
      throws FrameException {
    return decoder.decode(bytes, length, slot(frame), frame.number() * decoder.frameBytes());
  }

  private static ByteBuffer slot(FramePlace frame) {
    return Objects.requireNonNull(frame.buffer()).bytes();
  }

  private Geometry own(FramePlace frame, FrameDecoder decoder, byte[] bytes, int length)
      throws FrameException {
    return decoder.decodeWhole(bytes, length, ownMemory(frame, decoder));
  }

  private FrameDecoder.Memory ownMemory(FramePlace frame, FrameDecoder decoder) {
    PixelPool buffers = Objects.requireNonNull(pool);
    int channels = decoder.channels().count();
    return (width, height) -> {
      PixelBuffer buffer = buffers.take((long) channels * width * height);
      frame.ownSize(buffer, channels, width, height);
      return buffer.bytes();
    };
  }

  /** Takes back the buffer of a frame that is not used. */
  void release(FramePlace frame) {
    PixelBuffer buffer = pool == null ? null : frame.takeBuffer();
    if (pool != null && buffer != null) {
      pool.give(buffer);
    }
  }
}
