package io.tandem.source;

import org.apache.spark.sql.Row;

/** Converts the rows of a manifest to entries. */
final class ManifestEntries {
  private static final String REMEDY = "; fix it, or remove it";

  private final FramePaths paths;

  ManifestEntries(FramePaths paths) {
    this.paths = paths;
  }

  /** Returns the entry of a row; that of an invalid row has a problem. */
  ManifestEntry entry(Row row, long number) {
    String malformed = row.getString(ManifestTable.MALFORMED_TEXT);
    if (malformed != null) {
      return ManifestEntry.wrong(number, "is malformed: " + malformed.strip() + REMEDY);
    }
    String path = row.getString(ManifestTable.PATH);
    if (path == null || path.isBlank()) {
      return ManifestEntry.wrong(number, "has no path" + REMEDY);
    }
    if (!row.isNullAt(ManifestTable.WRONG_BYTES)) {
      return ManifestEntry.wrong(
          number,
          "has no number of bytes in its column length: %s; fix it, or rename the column, and executors look up the lengths"
              .formatted(row.getString(ManifestTable.WRONG_BYTES)));
    }
    try {
      return new ManifestEntry(
          number,
          paths.whole(path),
          row.isNullAt(ManifestTable.BYTES) ? null : row.getLong(ManifestTable.BYTES),
          row.isNullAt(ManifestTable.MODIFIED) ? null : row.getLong(ManifestTable.MODIFIED),
          row.get(ManifestTable.OTHERS) instanceof Row others ? others : null,
          null);
    } catch (IllegalArgumentException e) {
      return ManifestEntry.wrong(
          number, "has an invalid path: %s (%s); fix it".formatted(path, e.getMessage()));
    }
  }
}
