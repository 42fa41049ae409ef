package io.tandem.source;

import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.hadoop.fs.FSError;
import org.apache.spark.SparkConf;

/**
 * Names the place that has no space left. The exception of a local disk has no path, and the disk
 * may be that of the output, or that of Spark's temporary files.
 */
public final class FullDisk {
  private static final String SPARK = "org.apache.spark.";
  private static final String NO_SPACE = "No space left on device";
  private static final Pattern OUTPUT = Pattern.compile("org\\.apache\\.(hadoop|parquet)\\.");
  private static final Pattern IN_TEXT = Pattern.compile("(?m)^\\s*at (?:[\\w.]+/)?([\\w.$]+)\\.");

  private FullDisk() {}

  /**
   * Runs work that writes to a folder.
   *
   * @throws StorageException if there is no space left, with the folder, or with that of temporary
   *     files; every other exception is thrown as it is
   */
  public static void writing(String folder, Runnable work) {
    try {
      work.run();
    } catch (Exception | LinkageError | FSError e) { // Scala does not declare SparkException.
      if (!StorageException.isFull(e)) {
        throw ExceptionUtils.<RuntimeException>rethrow(e);
      }
      throw isTemporary(e) ? temporaryFiles(e) : new StorageException("cannot write " + folder, e);
    }
  }

  /**
   * Runs work that writes temporary files only.
   *
   * @throws StorageException if there is no space left for them
   */
  static <T> T reading(Callable<T> work) throws Exception {
    try {
      return work.call();
    } catch (Exception e) {
      throw isTemporary(e) ? temporaryFiles(e) : e;
    }
  }

  static StorageException temporaryFiles(Throwable e) {
    String folder = new SparkConf().get("spark.local.dir", System.getProperty("java.io.tmpdir"));
    return new StorageException(
        "cannot write temporary files to %s (spark.local.dir)".formatted(folder), e);
  }

  /** Returns whether Spark's own code had no space left, and not that of a file format. */
  static boolean isTemporary(Throwable e) {
    return StorageException.isNotUnpacked(e)
        || (StorageException.isFull(e)
            && classes(ExceptionUtils.getRootCause(e))
                .filter(name -> OUTPUT.matcher(name).lookingAt() || name.startsWith(SPARK))
                .findFirst()
                .filter(name -> name.startsWith(SPARK))
                .isPresent());
  }

  /** Returns the classes of the trace, also where Spark has it only as text: of barrier tasks. */
  private static Stream<String> classes(Throwable root) {
    String message = String.valueOf(root.getMessage());
    int text = message.lastIndexOf(NO_SPACE + "\n");
    return text < 0
        ? Stream.of(root.getStackTrace()).map(StackTraceElement::getClassName)
        : IN_TEXT.matcher(message.substring(text)).results().map(line -> line.group(1));
  }
}
