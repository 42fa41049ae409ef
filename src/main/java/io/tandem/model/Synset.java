package io.tandem.model;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Reads {@code synset.txt}: a label on each line, in UTF-8. */
final class Synset {
  private static final int MOST_BYTES = 1 << 26;
  private static final int LONGEST_LABEL = 10_000;

  private Synset() {}

  /**
   * Returns the labels, in order, without empty lines.
   *
   * @throws ModelException if the file has another encoding
   */
  static List<String> read(FileSystem fs, Path file) throws IOException {
    return labels(
        file, BoundedFile.read(fs, file, MOST_BYTES, "it must have one label on each line"));
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
      if (labels.get(i).length() > LONGEST_LABEL) {
        throw new ModelException(
            "model.path",
            "%s has %,d characters in label %,d; a label has at most %,d, and a line by itself"
                .formatted(file, labels.get(i).length(), i + 1, LONGEST_LABEL));
      }
      if (labels.get(i).indexOf(0) >= 0) { // UTF-16 of ASCII is UTF-8 with zeros.
        throw new ModelException(
            "model.path",
            "%s has a zero byte in label %,d; save it as UTF-8".formatted(file, i + 1));
      }
    }
    return labels;
  }
}
