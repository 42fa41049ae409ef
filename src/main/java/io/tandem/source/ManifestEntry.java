package io.tandem.source;

import java.io.Serializable;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/**
 * A row of a manifest.
 *
 * @param row its number, from 1; a header is not counted
 * @param path the whole path of the frame; empty if the row has a problem
 * @param length the bytes of the frame; null if the row does not say it
 * @param modifiedAtMillis when it was changed, in epoch milliseconds; null if the row does not say
 * @param columns the row's other columns; null if the manifest has none
 * @param problem why the row cannot be used, and what to do; null if it can
 */
record ManifestEntry(
    long row,
    String path,
    @Nullable Long length,
    @Nullable Long modifiedAtMillis,
    @Nullable Row columns,
    @Nullable String problem)
    implements Serializable {

  static ManifestEntry wrong(long row, String problem) {
    return new ManifestEntry(row, "", null, null, null, problem);
  }

  /** Returns the path, or a key of its own for a row that has none. */
  String key() {
    return problem == null ? path : "row " + row;
  }
}
