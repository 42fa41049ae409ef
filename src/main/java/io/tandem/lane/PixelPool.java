package io.tandem.lane;

import io.tandem.frame.PixelBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Buffers of any size, reused where one is large enough and not four times too large. Idle ones are
 * few. Thread-safe.
 */
final class PixelPool implements AutoCloseable {
  private static final int MOST_IDLE = 4;
  private static final int MOST_TIMES = 4;

  private final List<PixelBuffer> idle = new ArrayList<>();

  /** Returns a buffer of at least {@code bytes} bytes, with any content. */
  synchronized PixelBuffer take(long bytes) {
    for (Iterator<PixelBuffer> all = idle.iterator(); all.hasNext(); ) {
      PixelBuffer buffer = all.next();
      long capacity = buffer.bytes().capacity();
      if (capacity >= bytes && capacity / MOST_TIMES <= bytes) {
        all.remove();
        return buffer;
      }
    }
    return new PixelBuffer(bytes);
  }

  /** Takes a buffer back; closes the one that has been idle for longest if there are too many. */
  synchronized void give(PixelBuffer buffer) {
    idle.add(buffer);
    if (idle.size() > MOST_IDLE) {
      idle.remove(0).close();
    }
  }

  @Override
  public synchronized void close() {
    idle.forEach(PixelBuffer::close);
    idle.clear();
  }
}
