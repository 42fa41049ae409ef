package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.conf.UsageException;
import io.tandem.source.ManifestRows.Table;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import io.tandem.trial.DuplicatesCsv.Duplicate;
import io.tandem.trial.Environment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Frames that a file lists, in its order, each once. What it does not say of them the executors are
 * asked for; the driver asks no file system for a frame.
 */
final class Manifest {
  /** So many are told by name. */
  private static final int FEW = 3;

  /** A length that is yet to be asked for. */
  private static final long UNKNOWN = -1;

  private final Session session;
  private final String name;
  private final List<Frame> frames = new ArrayList<>();
  private final List<Row> columns = new ArrayList<>();
  private final List<Duplicate> duplicates = new ArrayList<>();
  private @Nullable StructType schema;
  private long rows;

  private Manifest(Session session, String name) {
    this.session = session;
    this.name = name;
  }

  /**
   * Reads the file.
   *
   * @throws UsageException where it cannot be read, or a row has no path
   */
  static Manifest open(Session session, Settings.Frames settings) {
    Manifest manifest = new Manifest(session, Objects.requireNonNull(settings.manifest()));
    manifest.read(settings);
    return manifest;
  }

  int size() {
    return frames.size();
  }

  /**
   * All of them.
   *
   * @throws UsageException where none is there, or where that cannot be told
   */
  FrameSet frames(Progress progress) {
    List<Frame> whole = withLengths(frames, progress);
    List<Frame> missing = whole.stream().filter(Frame::missing).toList();
    if (missing.size() == whole.size()) {
      throw new UsageException(
          "no frame of the manifest %s is there: %s; relative paths are relative to --frames, else to the manifest's folder"
              .formatted(name, few(missing.stream().map(Frame::path).toList())));
    }
    sayExceptions(missing, progress);
    List<String> types =
        schema == null ? List.of() : Arrays.stream(schema.fields()).map(f -> f.toDDL()).toList();
    return new FrameSet(
        whole,
        new FrameSet.FromManifest(
            new Environment.Manifest(name, rows, duplicates.size(), missing.size(), types),
            schema,
            columns,
            duplicates));
  }

  /** Those of the first so many that are there, without their columns. */
  FrameSet first(int most, Progress progress) {
    List<Frame> some = frames.subList(0, Math.min(most, frames.size()));
    return FrameSet.listed(
        withLengths(some, progress).stream().filter(frame -> !frame.missing()).toList());
  }

  private void read(Settings.Frames settings) {
    Configuration hadoop = session.hadoop();
    ManifestFiles files = ManifestFiles.find(name, hadoop);
    Table table = ManifestRows.read(session.spark(), name, files, settings.manifestColumn());
    FramePaths paths = paths(settings.path(), hadoop);
    schema = table.others();
    rows =
        settings.limit() > 0
            ? Math.min(settings.limit(), table.rows().size())
            : table.rows().size();
    if (rows == 0) {
      throw new UsageException("the manifest %s has no rows".formatted(name));
    }
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < rows; i++) {
      Row row = table.rows().get(i);
      String path = path(row, i + 1, paths);
      if (seen.add(path)) {
        add(row, path);
      } else {
        duplicates.add(new Duplicate(i + 1, path));
      }
    }
  }

  private static FramePaths paths(String base, Configuration hadoop) {
    try {
      return new FramePaths(base, hadoop);
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException(
          "no frames can be at %s: %s".formatted(base, StorageException.why(e)), e);
    }
  }

  private void add(Row row, String path) {
    frames.add(
        Frame.image(
            path,
            row.isNullAt(Table.BYTES) ? UNKNOWN : row.getLong(Table.BYTES),
            row.isNullAt(Table.MODIFIED) ? null : row.getLong(Table.MODIFIED),
            frames.size()));
    if (schema != null) {
      columns.add(row.getStruct(Table.OTHERS));
    }
  }

  private String path(Row row, long number, FramePaths paths) {
    String malformed = row.getString(Table.MALFORMED_TEXT);
    if (malformed != null) {
      throw wrong(number, "is malformed: " + malformed.strip(), "mend it, or take it out");
    }
    String path = row.getString(Table.PATH);
    if (path == null || path.isBlank()) {
      throw wrong(number, "has no path", "mend it, or take it out");
    }
    if (!row.isNullAt(Table.WRONG_BYTES)) {
      throw wrong(
          number,
          "has no number of bytes in its column length: " + row.getString(Table.WRONG_BYTES),
          "mend it, or give the column another name, and lengths are asked for");
    }
    try {
      return paths.whole(path);
    } catch (IllegalArgumentException e) {
      throw wrong(number, "has no path: %s (%s)".formatted(path, e.getMessage()), "mend it");
    }
  }

  private UsageException wrong(long row, String what, String remedy) {
    return new UsageException(
        "row %,d of the manifest %s %s; %s".formatted(row, name, what, remedy));
  }

  private List<Frame> withLengths(List<Frame> of, Progress progress) {
    List<String> unknown =
        of.stream().filter(frame -> frame.length() == UNKNOWN).map(Frame::path).toList();
    FrameLengths.Answers answers = FrameLengths.ask(session, unknown, progress);
    List<Frame> whole = new ArrayList<>(of.size());
    int at = 0;
    for (Frame frame : of) {
      whole.add(frame.length() == UNKNOWN ? answers.about(frame, at++) : frame);
    }
    return whole;
  }

  private void sayExceptions(List<Frame> missing, Progress progress) {
    if (!duplicates.isEmpty()) {
      List<String> again =
          duplicates.stream().map(d -> "row %,d %s".formatted(d.row(), d.path())).toList();
      progress.say(
          "%s of the manifest %s a frame again, left out and kept in duplicates.csv: %s"
              .formatted(
                  Words.count(again.size(), "row"),
                  again.size() == 1 ? "names" : "name",
                  few(again)));
    }
    if (!missing.isEmpty()) {
      List<String> gone = missing.stream().map(Frame::path).toList();
      progress.say(
          "%,d of %s %s not there, and %s: %s"
              .formatted(
                  gone.size(),
                  Words.count(frames.size(), "frame"),
                  gone.size() == 1 ? "is" : "are",
                  gone.size() == 1 ? "becomes a row with an error" : "become rows with an error",
                  few(gone)));
    }
  }

  private static String few(List<String> names) {
    String few = names.stream().limit(FEW).collect(Collectors.joining(", "));
    return names.size() > FEW ? few + ", ..." : few;
  }
}
