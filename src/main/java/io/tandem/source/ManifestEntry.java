package io.tandem.source;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * A row of a manifest.
 *
 * @param row the number of the row, from 1, without the header
 * @param path the absolute path of the frame; empty if the row has a problem
 * @param length the length of the frame in bytes; null if unknown
 * @param modifiedAtMillis the modification time, in epoch milliseconds; null if unknown
 * @param columns the values of the other columns; null if the manifest has none
 * @param problem the error and its remedy; null if the row is valid
 */
record ManifestEntry(
    long row,
    String path,
    @Nullable Long length,
    @Nullable Long modifiedAtMillis,
    @Nullable Row columns,
    @Nullable String problem)
    implements Serializable {

  /** Creates the entry of an invalid row. */
  static ManifestEntry wrong(long row, String problem) {
    return new ManifestEntry(row, "", null, null, null, problem);
  }

  /**
   * Returns the path, and of a video the time range, of which it may have several; for an invalid
   * row, a unique key.
   */
  String key() {
    if (problem != null) {
      return "row " + row;
    }
    return VideoFiles.isVideo(path) ? path + VideoSelection.range(columns) : path;
  }
}
