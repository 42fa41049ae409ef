package io.tandem.source;

import io.tandem.conf.Settings;
import io.tandem.source.DistributedFrames.Listed;
import io.tandem.source.ManifestInfo.Duplicate;
import io.tandem.spark.Progress;
import io.tandem.spark.ProgressTicker;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a manifest, in order and without duplicates. Executors read the file, find
 * duplicate rows and look up missing lengths; the driver holds only counts and the rows to report.
 */
final class ManifestSource implements FrameSource {
  /** The number of names that a message lists. */
  private static final int FEW = 3;

  /** The number of length lookups above which progress is shown. */
  private static final int MANY_LOOKUPS = 10_000;

  private final Settings.Frames settings;
  private final String name;
  private final ManifestFiles files;
  private final FramePaths paths;

  private ManifestSource(
      Settings.Frames settings, String name, ManifestFiles files, FramePaths paths) {
    this.settings = settings;
    this.name = name;
    this.files = files;
    this.paths = paths;
  }

  /** Opens the manifest of the settings. */
  static ManifestSource open(Settings.Frames settings, Configuration hadoop) {
    String name = Objects.requireNonNull(settings.manifest());
    ManifestFiles files = ManifestFiles.find(name, hadoop);
    try {
      return new ManifestSource(settings, name, files, new FramePaths(settings.path(), hadoop));
    } catch (IOException | IllegalArgumentException e) {
      throw new FramesException(
          "frames.path",
          "invalid frames path %s: %s".formatted(settings.path(), StorageException.why(e)),
          e);
    }
  }

  @Override
  public @Nullable StructType columns(Session session) {
    return table(session).others();
  }

  @Override
  public FramePlan plan(Session session, Progress progress) {
    ManifestTable table = table(session);
    ManifestRows rows = rows(session, table, settings.limit());
    DistributedFrames frames = frames(session, rows, progress);
    if (frames.unreadable() == frames.size()) {
      throw new FramesException(
          "frames.manifest",
          "no frame of the manifest %s exists: %s; relative paths are relative to frames.path, by default the manifest's folder"
              .formatted(name, few(frames.firstUnreadable(FEW + 1))));
    }
    List<Duplicate> duplicates = rows.duplicates();
    report(rows.duplicateRows(), duplicates, frames, progress);
    return frames.with(
        new ManifestInfo(
            name,
            new ManifestInfo.Counts(rows.count(), rows.duplicateRows(), frames.unreadable()),
            table.others(),
            duplicates));
  }

  @Override
  public Sample sample(Session session, int most, Progress progress) {
    ManifestTable table = table(session);
    long size = ManifestTable.reading(name, () -> table.count(settings.limit()));
    int limit = settings.limit() > 0 ? Math.min(settings.limit(), most) : most;
    FrameSet first = frames(session, rows(session, table, limit), progress).collect();
    return new Sample(
        FrameSet.listed(first.frames().stream().filter(frame -> !frame.isUnreadable()).toList()),
        size,
        ManifestTable.reading(name, () -> table.hasVideos(settings.limit())));
  }

  private ManifestTable table(Session session) {
    return ManifestTable.open(session.spark(), name, files, settings.manifestColumn());
  }

  private ManifestRows rows(Session session, ManifestTable table, int limit) {
    Dataset<Row> first = table.first(limit);
    return ManifestRows.read(session, name, first, paths, table.hasLengths());
  }

  /**
   * Returns the frames of the rows, and looks up the lengths that the manifest lacks.
   *
   * @throws FramesException if a file system does not report whether a frame exists
   */
  private static DistributedFrames frames(Session session, ManifestRows rows, Progress progress) {
    LongAccumulator answered = session.spark().sparkContext().longAccumulator("lengths");
    int size = rows.frames();
    int partitions =
        rows.haveLengths()
            ? DistributedFrames.partitions(size)
            : FrameLengths.tasks(size, session.slots());
    JavaRDD<Listed> frames =
        rows.inOrder(partitions)
            .mapPartitions(new FrameLengths(session.broadcastHadoop(), answered));
    if (rows.haveLengths() || size <= MANY_LOOKUPS) {
      return held(frames, size);
    }
    progress.say("looking up the lengths of " + Words.count(size, "file"));
    try (ProgressTicker ticker = ProgressTicker.start(progress, answered::value, size, "lengths")) {
      DistributedFrames held = held(frames, size);
      ticker.finish();
      return held;
    }
  }

  private static DistributedFrames held(JavaRDD<Listed> frames, int size) {
    try {
      return DistributedFrames.hold(frames, size);
    } catch (Exception e) { // Scala does not declare SparkException.
      throw FrameLengths.refused(e);
    }
  }

  private static void report(
      long rows, List<Duplicate> duplicates, DistributedFrames frames, Progress progress) {
    if (!duplicates.isEmpty()) {
      progress.say(
          "%s of the manifest %s a frame; omitted, and listed in duplicates.csv: %s"
              .formatted(
                  Words.count(rows, "row"),
                  rows == 1 ? "repeats" : "repeat",
                  few(
                      duplicates.stream()
                          .limit(FEW + 1)
                          .map(d -> "row %,d %s".formatted(d.row(), d.path()))
                          .toList())));
    }
    long unreadable = frames.unreadable();
    if (unreadable > 0) {
      progress.say(
          "%,d of %s %s: %s"
              .formatted(
                  unreadable,
                  Words.count(frames.size(), frames.videoFrames() > 0 ? "file" : "frame"),
                  unreadable == 1
                      ? "cannot be found or opened, and becomes a row with an error"
                      : "cannot be found or opened, and become rows with an error",
                  few(frames.firstUnreadable(FEW + 1))));
    }
  }

  private static String few(List<String> names) {
    String few = names.stream().limit(FEW).collect(Collectors.joining(", "));
    return names.size() > FEW ? few + ", ..." : few;
  }
}
