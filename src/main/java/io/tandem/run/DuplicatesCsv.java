package io.tandem.run;

import io.tandem.source.ManifestInfo.Duplicate;
import io.tandem.text.Csv;
import java.util.List;

/** Writes the duplicate rows of a manifest as CSV. */
final class DuplicatesCsv {
  private DuplicatesCsv() {}

  /** Returns the CSV text, with a header. */
  static String of(List<Duplicate> duplicates) {
    Csv csv = new Csv(List.of("row", "path"));
    duplicates.forEach(duplicate -> csv.row(duplicate.row(), duplicate.path()));
    return csv.text();
  }
}
