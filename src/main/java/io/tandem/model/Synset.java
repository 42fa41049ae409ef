package io.tandem.model;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads {@code synset.txt}: a label on each line, in UTF-8. */
final class Synset {
  private Synset() {}

  /**
   * Returns the labels, in order, without empty lines.
   *
   * @throws ModelException if the file has another encoding
   */
  static List<String> read(FileSystem fs, Path file) throws IOException {
    try (InputStream in = fs.open(file)) {
      return labels(file, in.readAllBytes());
    }
  }

  private static List<String> labels(Path file, byte[] bytes) {
    List<String> labels;
    try {
      labels =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(bytes))
              .toString()
              .replace("\uFEFF", "")
              .lines()
              .map(String::strip)
              .filter(line -> !line.isEmpty())
              .toList();
    } catch (CharacterCodingException e) {
      throw new ModelException(
          "model.path", "%s is not encoded in UTF-8; save it as UTF-8".formatted(file), e);
    }
    for (int i = 0; i < labels.size(); i++) {
      if (labels.get(i).indexOf(0) >= 0) { // UTF-16 of ASCII is UTF-8 with zeros.
        throw new ModelException(
            "model.path",
            "%s has a zero byte in label %,d; save it as UTF-8".formatted(file, i + 1));
      }
    }
    return labels;
  }
}
