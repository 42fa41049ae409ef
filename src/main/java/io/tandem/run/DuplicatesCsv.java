package io.tandem.run;

import io.tandem.source.ManifestInfo.Duplicate;
import io.tandem.text.Csv;
import java.util.List;

/** Writes the rows of a manifest that name a frame which an earlier row names, as CSV. */
final class DuplicatesCsv {
  private DuplicatesCsv() {}

  static String of(List<Duplicate> duplicates) {
    Csv csv = new Csv(List.of("row", "path"));
    duplicates.forEach(duplicate -> csv.row(duplicate.row(), duplicate.path()));
    return csv.text();
  }
}
