package io.tandem.source;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * What a manifest says beside its frames.
 *
 * @param path the file or folder, as the call names it
 * @param rows the rows that were read
 * @param missing how many of its frames do not exist
 * @param columns the types of its columns that are passed through; null if there are none
 * @param duplicates the rows that name a frame again, which were left out
 */
public record ManifestInfo(
    String path,
    long rows,
    long missing,
    @Nullable StructType columns,
    List<Duplicate> duplicates) {

  /**
   * A row that names a frame which an earlier row names.
   *
   * @param row the number of the row, from 1; a header is not counted
   */
  public record Duplicate(long row, String path) implements Serializable {}

  public ManifestInfo {
    duplicates = List.copyOf(duplicates);
  }

  /** Returns the columns that are passed through, such as "camera STRING". */
  public List<String> columnTypes() {
    return columns == null
        ? List.of()
        : Arrays.stream(columns.fields()).map(field -> field.toDDL()).toList();
  }

  String fileName() {
    return path.replaceFirst(".*/(?=[^/])", "");
  }
}
