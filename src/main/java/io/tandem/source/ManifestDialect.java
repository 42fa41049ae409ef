package io.tandem.source;

import io.tandem.text.Csv;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
 * @param escape what stands before a quote inside a quoted cell: a quote, or a backslash
 * @param multiLine whether a row may span lines: a quoted cell of CSV, or a JSON array
 */
record ManifestDialect(char separator, char escape, boolean multiLine) {
  /** The dialect of a format without text. */
  static final ManifestDialect NONE = new ManifestDialect(',', '"', false);

  private static final int LOOKED_AT = 1 << 16;

  /**
   * Returns the dialect of a file.
   *
   * @param name the manifest's name, for messages
   * @throws FramesException if the file is not UTF-8 text, or begins with a line that is no row
   */
  static ManifestDialect of(String name, ManifestFiles.Format format, Path file, FileSystem fs)
      throws IOException {
    Start start = start(name, file, fs);
    if (format == ManifestFiles.Format.JSON) {
      return new ManifestDialect(',', '"', start.text().stripLeading().startsWith("["));
    }
    String header = start.text().lines().filter(line -> !line.isBlank()).findFirst().orElse("");
    if (header.matches("(?i)\"?sep=.\"?")) {
      throw refused(name, "begins with Excel's line %s; delete this line".formatted(header));
    }
    return ofCells(start, format == ManifestFiles.Format.TSV ? '\t' : separator(header));
  }

  /** Returns the separator that the header has; a comma if there is one, or none. */
  private static char separator(String header) {
    for (char separator : new char[] {',', ';', '\t'}) {
      if (header.indexOf(separator) >= 0) {
        return separator;
      }
    }
    return ',';
  }

  /** Returns the dialect in which the rows are well-formed; RFC 4180's if they are in none. */
  private static ManifestDialect ofCells(Start start, char separator) {
    for (char escape : new char[] {'"', '\\'}) {
      List<List<String>> all = Csv.rows(start.text(), separator, escape);
      // The last row may be cut.
      List<List<String>> rows =
          start.cut() && !all.isEmpty() ? all.subList(0, all.size() - 1) : all;
      List<String> cells = rows.stream().flatMap(List::stream).toList();
      if (rows.stream().allMatch(row -> row.size() == rows.get(0).size())
          && cells.stream().allMatch(cell -> isWellFormed(cell, escape))) {
        boolean multiLine = cells.stream().anyMatch(cell -> cell.indexOf('\n') >= 0);
        return new ManifestDialect(separator, escape, multiLine);
      }
    }
    return new ManifestDialect(separator, '"', false);
  }

  /** Returns whether a quoted cell ends with a quote, and has none inside that is not escaped. */
  private static boolean isWellFormed(String cell, char escape) {
    if (!cell.startsWith("\"")) {
      return true;
    }
    if (cell.length() == 1 || !cell.endsWith("\"")) {
      return false;
    }
    String inside = cell.substring(1, cell.length() - 1);
    String rest = inside.replaceAll(escape == '"' ? "\"\"" : "(?s)\\\\.", "");
    return rest.indexOf(escape) < 0 && rest.indexOf('"') < 0;
  }

  /** The first characters of a file, and whether it has more. */
  private record Start(String text, boolean cut) {}

  private static Start start(String name, Path file, FileSystem fs) throws IOException {
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
    return new Start(decoded(name, bytes), bytes.length == LOOKED_AT);
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
