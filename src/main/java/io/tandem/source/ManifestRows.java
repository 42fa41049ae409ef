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

/** The validated rows of a manifest, grouped by path. The executors hold them as shuffle files. */
final class ManifestRows {
  /** The number of duplicate rows that the driver holds, and that {@code duplicates.csv} lists. */
  private static final int MOST_DUPLICATES = 100_000;

  private final JavaRDD<Checked> checked;
  private final Totals totals;
  private final boolean haveLengths;

  private ManifestRows(JavaRDD<Checked> checked, Totals totals, boolean haveLengths) {
    this.checked = checked;
    this.totals = totals;
    this.haveLengths = haveLengths;
  }

  /** A row, and whether it repeats the frame of an earlier row. */
  private record Checked(ManifestEntry entry, boolean duplicate) implements Serializable {}

  /** Counts over rows, and the first invalid row; null if all are valid. */
  private record Totals(long rows, long duplicates, @Nullable ManifestEntry invalid)
      implements Serializable {
    static final Totals NONE = new Totals(0, 0, null);

    Totals with(Checked row) {
      return plus(
          new Totals(
              1, row.duplicate() ? 1 : 0, row.entry().problem() == null ? null : row.entry()));
    }

    Totals plus(Totals other) {
      ManifestEntry first =
          invalid == null || (other.invalid != null && other.invalid.row() < invalid.row())
              ? other.invalid
              : invalid;
      return new Totals(rows + other.rows, duplicates + other.duplicates, first);
    }
  }

  /**
   * Reads and validates the rows.
   *
   * @throws FramesException if there are none, or for the first invalid row
   */
  static ManifestRows read(
      Session session, String name, Dataset<Row> rows, FramePaths paths, boolean haveLengths) {
    JavaPairRDD<Row, Long> numbered =
        ManifestTable.reading(name, () -> rows.javaRDD().zipWithIndex());
    JavaRDD<Checked> checked =
        numbered
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
    if (totals.rows() - totals.duplicates() > Integer.MAX_VALUE) {
      throw new FramesException(
          "frames.manifest",
          "the manifest %s has %,d frames, and a run takes at most %,d; divide it"
              .formatted(name, totals.rows() - totals.duplicates(), Integer.MAX_VALUE));
    }
    ManifestEntry invalid = totals.invalid();
    if (invalid != null) {
      throw new FramesException(
          "frames.manifest",
          "row %,d of the manifest %s %s".formatted(invalid.row(), name, invalid.problem()));
    }
    return new ManifestRows(checked, totals, haveLengths);
  }

  /** Marks all rows of a path but the first as duplicates. */
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

  /** Compares duplicates by row; Spark sends it to tasks. */
  private static final class ByRow implements Comparator<Duplicate>, Serializable {
    private static final long serialVersionUID = 1L;

    @Override
    public int compare(Duplicate a, Duplicate b) {
      return Long.compare(a.row(), b.row());
    }
  }

  /** Returns the number of rows, including duplicates. */
  long count() {
    return totals.rows();
  }

  /** Returns the number of frames. */
  int frames() {
    return Math.toIntExact(totals.rows() - totals.duplicates());
  }

  /** Returns whether the manifest has the lengths of the frames. */
  boolean haveLengths() {
    return haveLengths;
  }

  /** Returns the number of duplicate rows. */
  long duplicateRows() {
    return totals.duplicates();
  }

  /** Returns the first duplicate rows, in order, at most 100,000. */
  List<Duplicate> duplicates() {
    return totals.duplicates() == 0
        ? List.of()
        : checked
            .filter(Checked::duplicate)
            .map(row -> new Duplicate(row.entry().row(), row.entry().path()))
            .takeOrdered(MOST_DUPLICATES, new ByRow());
  }

  /**
   * Returns the first row of each frame, in manifest order, with the index of the frame.
   *
   * @param partitions the number of partitions
   */
  JavaPairRDD<ManifestEntry, Long> inOrder(int partitions) {
    return checked
        .filter(row -> !row.duplicate())
        .map(Checked::entry)
        .sortBy(ManifestEntry::row, true, partitions)
        .zipWithIndex();
  }
}
