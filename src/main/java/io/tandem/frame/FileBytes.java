package io.tandem.frame;

import java.io.IOException;

/** Reads parts of one file, for one thread. */
public interface FileBytes extends AutoCloseable {
  /** Returns the listed length of the file, in bytes. */
  long length();

  /**
   * Returns some bytes from a position on, at least one.
   *
   * @param position in bytes, less than the length
   * @throws IOException if they cannot be read, or not in time
   */
  Part read(long position) throws IOException;

  /**
   * Some bytes of a file.
   *
   * @param array holds them from {@code from} on; not to be changed
   */
  @SuppressWarnings("ArrayRecordComponent") // Copying each part would be slow.
  record Part(byte[] array, int from, int length) {}

  @Override
  void close();

  /** Returns a file that is in memory. */
  static FileBytes of(byte[] bytes) {
    return new FileBytes() {
      @Override
      public long length() {
        return bytes.length;
      }

      @Override
      public Part read(long position) {
        return new Part(bytes, (int) position, bytes.length - (int) position);
      }

      @Override
      public void close() {}
    };
  }
}
