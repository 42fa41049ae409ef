package io.tandem.frame;

import java.nio.ByteBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Memory for the planes of a scaled picture, used again for the next one. Rows are padded, because
 * swscale may write beyond a row's end.
 */
final class PlaneMemory implements AutoCloseable {
  private static final int ALIGN = 64;

  private final int count;
  private final PointerPointer<BytePointer> rows = new PointerPointer<>(4L);
  private final IntPointer strides = new IntPointer(4L);
  private BytePointer memory = new BytePointer(0L);
  private ByteBuffer bytes = ByteBuffer.allocateDirect(0);
  private int stride;
  private int planeBytes;

  /**
   * @param count 3 planes, or 1
   */
  PlaneMemory(int count) {
    this.count = count;
  }

  /** Makes room for planes of this size; their content is undefined. */
  void reserve(int width, int height, int pixelBytes) {
    stride = (pixelBytes * width + 2 * ALIGN - 1) / ALIGN * ALIGN;
    planeBytes = Math.multiplyExact(stride, height);
    long needed = (long) count * planeBytes + ALIGN;
    if (memory.capacity() < needed) {
      memory.close();
      memory = new BytePointer(needed);
      bytes = memory.asByteBuffer();
    }
    for (int i = 0; i < count; i++) {
      rows.put(i, memory.getPointer((long) i * planeBytes));
      strides.put(i, stride);
    }
  }

  /** Returns the pointers to the planes. */
  PointerPointer<BytePointer> rows() {
    return rows;
  }

  /** Returns the distance of two rows in bytes, for each plane. */
  IntPointer strides() {
    return strides;
  }

  /** Returns the content: the planes one after the other. */
  ByteBuffer bytes() {
    return bytes;
  }

  /** Returns the distance of two rows in bytes. */
  int stride() {
    return stride;
  }

  /** Returns the distance of two planes in bytes. */
  int planeBytes() {
    return planeBytes;
  }

  /** Frees the memory; {@link #reserve} makes room again. */
  void trim() {
    memory.close();
    memory = new BytePointer(0L);
    bytes = ByteBuffer.allocateDirect(0);
  }

  @Override
  public void close() {
    memory.close();
    rows.close();
    strides.close();
  }
}
