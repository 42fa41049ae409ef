package io.tandem.source;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.apache.commons.lang3.StringUtils;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.CompressionCodec;
import org.apache.hadoop.io.compress.CompressionCodecFactory;

/**
 * How a text manifest is written, judged by its first 64 KiB: what Spark's readers do not find out
 * by themselves.
 *
 * @param separator the separator of a CSV file's columns
 * @param multiLine whether a row may span lines: a quoted cell of CSV, or a JSON array
 */
record ManifestDialect(String separator, boolean multiLine) {
  /** The dialect of a format without text. */
  static final ManifestDialect NONE = new ManifestDialect(",", false);

  private static final int LOOKED_AT = 1 << 16;

  /**
   * Returns the dialect of a file.
   *
   * @param name the manifest's name, for messages
   * @throws FramesException if the file is not UTF-8 text, or begins with a line that is no row
   */
  static ManifestDialect of(String name, ManifestFiles.Format format, Path file, FileSystem fs)
      throws IOException {
    String text = start(name, file, fs);
    if (format == ManifestFiles.Format.JSON) {
      return new ManifestDialect(",", text.stripLeading().startsWith("["));
    }
    String header = text.lines().findFirst().orElse("");
    if (header.matches("(?i)\"?sep=.\"?")) {
      throw refused(name, "begins with Excel's line %s; delete this line".formatted(header));
    }
    String separator = format == ManifestFiles.Format.TSV ? "\t" : separator(header);
    return new ManifestDialect(separator, hasCellOfSeveralLines(text, separator.charAt(0)));
  }

  /** Returns the separator that the header has; a comma if there is one, or none. */
  private static String separator(String header) {
    for (String separator : new String[] {",", ";", "\t"}) {
      if (header.contains(separator)) {
        return separator;
      }
    }
    return ",";
  }

  /** A quote opens a cell only at its start: an inch sign inside a cell is text. */
  private static boolean hasCellOfSeveralLines(String text, char separator) {
    boolean quoted = false;
    char before = '\n';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted && (before == '\n' || before == separator || before == '"');
      } else if (c == '\n' && quoted) {
        return true;
      }
      before = c;
    }
    return false;
  }

  private static String start(String name, Path file, FileSystem fs) throws IOException {
    byte[] bytes;
    CompressionCodec codec = new CompressionCodecFactory(fs.getConf()).getCodec(file);
    try (InputStream raw = fs.open(file);
        InputStream in = codec == null ? raw : codec.createInputStream(raw)) {
      bytes = in.readNBytes(LOOKED_AT);
    }
    if (startsWith(bytes, 'P', 'A', 'R', '1')) {
      throw refused(name, "is a Parquet file; name it .parquet");
    }
    if (startsWith(bytes, 0x1f, 0x8b)) {
      throw refused(name, "is compressed by gzip; name it with .gz at the end");
    }
    if (startsWith(bytes, 0xfe, 0xff) || startsWith(bytes, 0xff, 0xfe)) {
      throw refused(name, "is encoded in UTF-16; save it as UTF-8");
    }
    return decoded(name, bytes);
  }

  private static boolean startsWith(byte[] bytes, int... magic) {
    for (int i = 0; i < magic.length; i++) {
      if (i >= bytes.length || (bytes[i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }

  private static String decoded(String name, byte[] bytes) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    CharBuffer text = CharBuffer.allocate(bytes.length);
    // The last character may be cut.
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, false);
    String start = text.flip().toString().replaceFirst("^\uFEFF", "");
    if (result.isError()) {
      throw refused(
          name,
          "is not encoded in UTF-8, by its line %,d; save it as UTF-8"
              .formatted(1 + StringUtils.countMatches(start, '\n')));
    }
    return start;
  }

  private static FramesException refused(String name, String why) {
    return new FramesException("frames.manifest", "the manifest %s %s".formatted(name, why));
  }
}
