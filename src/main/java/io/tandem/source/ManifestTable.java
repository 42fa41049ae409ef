package io.tandem.source;

import io.tandem.conf.InputException;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The table of a manifest in Spark.
 *
 * @param rows the rows in file order; the constants of this class are the positions of the values
 *     in a row
 * @param others the types of the columns to pass through; null if there are none
 * @param hasLengths whether a column has the lengths of the frames
 */
record ManifestTable(Dataset<Row> rows, @Nullable StructType others, boolean hasLengths) {
  private static final String NO_HEAP = "java.lang.OutOfMemoryError";

  // Prefixed, so that a column of a manifest is unlikely to have the same name.
  static final String FILE = "_tandem_file";
  static final String BLOCK = "_tandem_block";
  static final String NUMBER = "_tandem_number";

  /** The text of a malformed row; null if it is well-formed. */
  static final int MALFORMED_TEXT = 3;

  /** The path of the frame, as in the manifest. */
  static final int PATH = 4;

  /** The length in bytes; null if the manifest has none. */
  static final int BYTES = 5;

  /** The text of an invalid length; null if the length is valid. */
  static final int WRONG_BYTES = 6;

  /** The modification time, in epoch milliseconds; null if the manifest has none. */
  static final int MODIFIED = 7;

  /** The values of the other columns; null if there are none. */
  static final int OTHERS = 8;

  /**
   * Opens the manifest. Rows are read lazily.
   *
   * @throws FramesException if it cannot be read, or lacks the path column
   */
  static ManifestTable open(
      SparkSession spark, String name, ManifestFiles files, String pathColumn) {
    return reading(name, () -> new ManifestReader(spark, name, files, pathColumn).open());
  }

  /** Returns the number of rows, at most {@code limit}; 0 means no limit. */
  long count(int limit) {
    return first(limit).select(NUMBER).count();
  }

  /** Returns whether one of the first {@code limit} rows names a video; 0 means all. */
  boolean hasVideos(int limit) {
    return !first(limit)
        .javaRDD()
        .filter(row -> !row.isNullAt(PATH) && VideoFiles.isVideo(row.getString(PATH)))
        .isEmpty();
  }

  /** Returns the first {@code limit} rows; 0 means all. */
  Dataset<Row> first(int limit) {
    return limit > 0 ? rows.limit(limit) : rows;
  }

  /**
   * Runs an action that reads the manifest.
   *
   * @throws FramesException if it cannot be read
   */
  static <T> T reading(String name, Callable<T> work) {
    try {
      return FullDisk.reading(work);
    } catch (InputException | StorageException e) {
      throw e;
    } catch (Exception e) { // Spark throws checked exceptions that Scala does not declare.
      if (ExceptionUtils.getThrowableList(e).stream()
          .anyMatch(cause -> cause.toString().contains(NO_HEAP))) {
        throw new FramesException(
            "frames.manifest",
            "the manifest %s has a row that the Java heap cannot hold, or is a JSON array of that size; it must be text with a line for each frame"
                .formatted(name),
            e);
      }
      String known = StorageException.known(e);
      throw new FramesException(
          "frames.manifest",
          "the manifest %s cannot be read: %s"
              .formatted(
                  name, known != null ? known : SparkMessage.why(ExceptionUtils.getRootCause(e))),
          e);
    }
  }
}
