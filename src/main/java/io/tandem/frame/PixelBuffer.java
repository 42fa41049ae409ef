package io.tandem.frame;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.javacpp.BytePointer;

/** The decoded frames of one batch, outside the Java heap, reused for each batch. */
public final class PixelBuffer implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  private static final AtomicInteger OPEN = new AtomicInteger();

  private final BytePointer memory;
  private final ByteBuffer bytes;

  /** Allocates a buffer of {@code size} bytes. */
  public PixelBuffer(long size) {
    memory = new BytePointer(size);
    bytes = memory.asByteBuffer();
    OPEN.incrementAndGet();
  }

  /** Returns the number of open buffers in this JVM. */
  public static int open() {
    return OPEN.get();
  }

  /** Returns the memory as a direct buffer. */
  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public void close() {
    memory.close();
    OPEN.decrementAndGet();
  }
}
