package io.tandem.model;

import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads a text file of a model as a whole, if it is not larger than such files are. */
final class BoundedFile {
  private BoundedFile() {}

  /**
   * Returns the bytes of a file.
   *
   * @param rule how it should be written, for messages
   * @throws ModelException if it has more than {@code most} bytes
   */
  static byte[] read(FileSystem fs, Path file, int most, String rule) throws IOException {
    try (InputStream in = fs.open(file)) {
      byte[] bytes = in.readNBytes(most + 1);
      if (bytes.length > most) {
        throw new ModelException(
            "model.path", "%s has more than %,d bytes; %s".formatted(file, most, rule));
      }
      return bytes;
    }
  }
}
