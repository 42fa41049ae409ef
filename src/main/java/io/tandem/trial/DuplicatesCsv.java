package io.tandem.trial;

import io.tandem.text.Csv;
import java.util.List;

/** The rows of a manifest that name a frame which an earlier row names, as CSV. */
public final class DuplicatesCsv {
  private DuplicatesCsv() {}

  /**
   * @param row of the manifest, from 1, a header not counted
   */
  public record Duplicate(long row, String path) {}

  public static String of(List<Duplicate> duplicates) {
    Csv csv = new Csv(List.of("row", "path"));
    duplicates.forEach(duplicate -> csv.row(duplicate.row(), duplicate.path()));
    return csv.text();
  }
}
