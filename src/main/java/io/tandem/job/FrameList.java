package io.tandem.job;

import io.tandem.conf.Settings;
import io.tandem.conf.UsageException;
import io.tandem.frame.FrameFile;
import io.tandem.frame.S3Endpoint;
import io.tandem.frame.StorageException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Lists frames with Spark's binary-file source, which opens none of them, or by a manifest. */
final class FrameList {
  private FrameList() {}

  /**
   * The frames in the order of their paths, or of the manifest.
   *
   * @throws UsageException where there are none
   */
  static FrameSet list(Session session, Settings.Frames settings, Progress progress) {
    return settings.manifest() == null
        ? FrameSet.listed(ofFolder(session.spark(), settings))
        : Manifest.open(session, settings).frames(progress);
  }

  /** The first frames, and of how many. */
  record Sample(FrameSet frames, int of) {}

  /** Of a manifest those of the first frames that are there: the others are not asked for. */
  static Sample sample(Session session, Settings.Frames settings, int most, Progress progress) {
    if (settings.manifest() != null) {
      Manifest manifest = Manifest.open(session, settings);
      return new Sample(manifest.first(most, progress), manifest.size());
    }
    List<FrameFile> all = ofFolder(session.spark(), settings);
    return new Sample(FrameSet.listed(all.subList(0, Math.min(most, all.size()))), all.size());
  }

  private static List<FrameFile> ofFolder(SparkSession spark, Settings.Frames settings) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    boolean single = isSingleFile(settings, hadoop);
    DataFrameReader reader =
        spark.read().format("binaryFile").option("recursiveFileLookup", settings.recursive());
    if (!single) {
      reader = reader.option("pathGlobFilter", settings.glob());
    }
    Dataset<Row> files = reader.load(settings.path()).select("path", "length", "modificationTime");
    List<FrameFile> found = new ArrayList<>();
    for (Row row : files.collectAsList()) {
      found.add(new FrameFile(row.getString(0), row.getLong(1), row.getTimestamp(2).getTime(), 0));
    }
    addEmpty(found, files.inputFiles(), hadoop);
    List<FrameFile> frames = inOrder(found, settings.limit());
    if (frames.isEmpty()) {
      throw new UsageException(
          "no frames found at %s; looked for names like %s%s"
              .formatted(
                  settings.path(),
                  settings.glob(),
                  settings.recursive() ? ", in its subfolders too" : ""));
    }
    return frames;
  }

  /** Spark's source passes over files without a byte; here they are frames, and errors later. */
  private static void addEmpty(List<FrameFile> found, String[] urls, Configuration hadoop) {
    if (urls.length == found.size()) {
      return;
    }
    Set<String> paths = new HashSet<>();
    found.forEach(frame -> paths.add(frame.path()));
    for (String url : urls) {
      Path path = new Path(URI.create(url));
      if (!paths.contains(path.toString())) {
        found.add(new FrameFile(path.toString(), 0, modifiedAt(path, hadoop), 0));
      }
    }
  }

  private static long modifiedAt(Path path, Configuration hadoop) {
    try {
      return path.getFileSystem(hadoop).getFileStatus(path).getModificationTime();
    } catch (IOException e) {
      throw new StorageException("cannot ask for the time of " + path, e);
    }
  }

  private static List<FrameFile> inOrder(List<FrameFile> found, int limit) {
    found.sort(Comparator.comparing(FrameFile::path));
    List<FrameFile> frames = new ArrayList<>();
    for (FrameFile frame : limit > 0 ? found.subList(0, Math.min(limit, found.size())) : found) {
      frames.add(
          new FrameFile(frame.path(), frame.length(), frame.modifiedAtMillis(), frames.size()));
    }
    return frames;
  }

  private static boolean isSingleFile(Settings.Frames settings, Configuration hadoop) {
    S3Endpoint.requireFor(settings.path(), hadoop);
    try {
      Path path = new Path(settings.path());
      FileSystem fs = path.getFileSystem(hadoop);
      FileStatus[] matches = fs.globStatus(path);
      if (matches == null || matches.length == 0) {
        throw new UsageException(
            "no frames found at %s; there is no such file or folder".formatted(settings.path()));
      }
      return matches.length == 1 && matches[0].isFile();
    } catch (IOException | IllegalArgumentException e) {
      throw new UsageException(
          "the frames at %s cannot be listed: %s"
              .formatted(settings.path(), StorageException.why(e)),
          e);
    }
  }
}
