package io.tandem.job;

import io.tandem.conf.Settings;
import io.tandem.conf.UsageException;
import io.tandem.frame.FrameFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Lists frames with Spark's binary-file source, which opens none of them for that. */
final class FrameList {
  private FrameList() {}

  /**
   * The frames in the order of their paths.
   *
   * @throws UsageException where there are none
   */
  static List<FrameFile> list(SparkSession spark, Settings.Frames settings) {
    Configuration hadoop = spark.sparkContext().hadoopConfiguration();
    boolean single = isSingleFile(settings, hadoop);
    DataFrameReader reader =
        spark.read().format("binaryFile").option("recursiveFileLookup", settings.recursive());
    if (!single) {
      reader = reader.option("pathGlobFilter", settings.glob());
    }
    Dataset<Row> listed =
        reader.load(settings.path()).select("path", "length", "modificationTime").orderBy("path");
    if (settings.limit() > 0) {
      listed = listed.limit(settings.limit());
    }
    List<FrameFile> frames = new ArrayList<>();
    for (Row row : listed.collectAsList()) {
      frames.add(
          new FrameFile(
              row.getString(0), row.getLong(1), row.getTimestamp(2).getTime(), frames.size()));
    }
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

  private static boolean isSingleFile(Settings.Frames settings, Configuration hadoop) {
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
          "the frames at %s cannot be listed: %s".formatted(settings.path(), e.getMessage()), e);
    }
  }
}
