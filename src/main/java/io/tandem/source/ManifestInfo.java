package io.tandem.source;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The description of a manifest.
 *
 * @param path the file or folder, as in the settings
 * @param columns the types of the columns to pass through; null if there are none
 * @param duplicates the first rows that repeat the frame of an earlier row; all are skipped
 */
public record ManifestInfo(
    String path, Counts counts, @Nullable StructType columns, List<Duplicate> duplicates) {

  /**
   * How many rows and frames there are.
   *
   * @param rows the number of rows read
   * @param duplicates the number of rows that repeat the frame of an earlier row
   * @param missing the number of its frames that do not exist
   */
  public record Counts(long rows, long duplicates, long missing) {}

  /**
   * A row that repeats the frame of an earlier row.
   *
   * @param row the number of the row, from 1; a header is not counted
   */
  public record Duplicate(long row, String path) implements Serializable {}

  public ManifestInfo {
    duplicates = List.copyOf(duplicates);
  }

  /** Returns the columns to pass through as DDL, for example "camera STRING". */
  public List<String> columnTypes() {
    return columns == null
        ? List.of()
        : Arrays.stream(columns.fields()).map(field -> field.toDDL()).toList();
  }

  /** Returns the last component of the path. */
  String fileName() {
    return path.replaceFirst(".*/(?=[^/])", "");
  }
}
