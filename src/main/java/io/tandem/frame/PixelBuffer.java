package io.tandem.frame;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;

/** The decoded frames of one batch, outside the Java heap, used again for each batch. */
public final class PixelBuffer implements AutoCloseable {
  static {
    NativeMemory.configure();
  }

  private final BytePointer memory;
  private final ByteBuffer bytes;

  public PixelBuffer(long size) {
    memory = new BytePointer(size);
    bytes = memory.asByteBuffer();
  }

  public ByteBuffer bytes() {
    return bytes;
  }

  @Override
  public void close() {
    memory.close();
  }
}
