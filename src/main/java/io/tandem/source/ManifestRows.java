package io.tandem.source;

import io.tandem.source.ManifestInfo.Duplicate;
import io.tandem.spark.Session;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;
import scala.Tuple2;

/**
 * The checked rows of a manifest. Executors hold them, grouped by their path, as the files of a
 * shuffle.
 */
final class ManifestRows {
  private final JavaRDD<Checked> checked;
  private final Totals totals;
  private final boolean haveLengths;

  private ManifestRows(JavaRDD<Checked> checked, Totals totals, boolean haveLengths) {
    this.checked = checked;
    this.totals = totals;
    this.haveLengths = haveLengths;
  }

  /** A row, and whether an earlier one names the same frame. */
  private record Checked(ManifestEntry entry, boolean again) implements Serializable {}

  /** What is known of some of the rows. */
  private record Totals(long rows, long again, @Nullable ManifestEntry wrong)
      implements Serializable {
    static final Totals NONE = new Totals(0, 0, null);

    Totals with(Checked row) {
      return plus(
          new Totals(1, row.again() ? 1 : 0, row.entry().problem() == null ? null : row.entry()));
    }

    Totals plus(Totals other) {
      ManifestEntry first =
          wrong == null || (other.wrong != null && other.wrong.row() < wrong.row())
              ? other.wrong
              : wrong;
      return new Totals(rows + other.rows, again + other.again, first);
    }
  }

  /**
   * Reads and checks the rows.
   *
   * @throws FramesException if there are none, or one is wrong: then it names the first
   */
  static ManifestRows read(
      Session session, String name, Dataset<Row> rows, FramePaths paths, boolean haveLengths) {
    JavaRDD<Checked> checked =
        rows.javaRDD()
            .zipWithIndex()
            .map(row -> new ManifestEntries(paths).entry(row._1(), row._2() + 1))
            .mapToPair(entry -> new Tuple2<>(entry.key(), entry))
            .groupByKey()
            .values()
            .flatMap(ManifestRows::check);
    Totals totals =
        ManifestTable.reading(
            name, () -> checked.aggregate(Totals.NONE, Totals::with, Totals::plus));
    if (totals.rows() == 0) {
      throw new FramesException("frames.manifest", "the manifest %s has no rows".formatted(name));
    }
    ManifestEntry wrong = totals.wrong();
    if (wrong != null) {
      throw new FramesException(
          "frames.manifest",
          "row %,d of the manifest %s %s".formatted(wrong.row(), name, wrong.problem()));
    }
    return new ManifestRows(checked, totals, haveLengths);
  }

  /** Finds which of the rows of one path is the first. */
  private static Iterator<Checked> check(Iterable<ManifestEntry> samePath) {
    List<ManifestEntry> entries = new ArrayList<>();
    samePath.forEach(entries::add);
    entries.sort(Comparator.comparingLong(ManifestEntry::row));
    List<Checked> checked = new ArrayList<>();
    for (ManifestEntry entry : entries) {
      checked.add(new Checked(entry, !checked.isEmpty()));
    }
    return checked.iterator();
  }

  /** Returns the number of rows, with those that name a frame again. */
  long count() {
    return totals.rows();
  }

  /** Returns the number of frames. */
  int frames() {
    return Math.toIntExact(totals.rows() - totals.again());
  }

  /** Returns whether a column says the lengths of frames. */
  boolean haveLengths() {
    return haveLengths;
  }

  /** Returns the rows that name a frame again, in their order. */
  List<Duplicate> duplicates() {
    return totals.again() == 0
        ? List.of()
        : checked
            .filter(Checked::again)
            .map(row -> new Duplicate(row.entry().row(), row.entry().path()))
            .sortBy(Duplicate::row, true, 1)
            .collect();
  }

  /**
   * Returns the first row of each frame, in the order of the manifest, with the frame's index.
   *
   * @param partitions how many partitions the rows are divided into
   */
  JavaPairRDD<ManifestEntry, Long> inOrder(int partitions) {
    return checked
        .filter(row -> !row.again())
        .map(Checked::entry)
        .sortBy(ManifestEntry::row, true, partitions)
        .zipWithIndex();
  }
}
