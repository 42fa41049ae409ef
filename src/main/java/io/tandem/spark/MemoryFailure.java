package io.tandem.spark;

import java.util.regex.Pattern;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/** Says which setting to raise where a job failed for lack of memory. */
public final class MemoryFailure {
  /** The exit code of Spark's executors after an OutOfMemoryError is 52. */
  private static final Pattern HEAP =
      Pattern.compile("java\\.lang\\.OutOfMemoryError|ExecutorLostFailure.*\\bcode:? 52\\b");

  /** 137 is 128 and the number of SIGKILL. */
  private static final Pattern KILLED =
      Pattern.compile(
          "ExecutorLostFailure.*(\\bcode:? 137\\b|SIGKILL|OOMKilled|memory limits|beyond the (physical|virtual))");

  private MemoryFailure() {}

  /**
   * Returns a sentence with the setting to raise; null if a job failed for another reason.
   *
   * @param e the exception of the job, with its causes
   */
  public static @Nullable String sentence(Throwable e) {
    for (Throwable cause : ExceptionUtils.getThrowableList(e)) {
      String text = cause.toString();
      if (KILLED.matcher(text).find()) {
        return "an executor was killed (exit code 137), as containers and systems do at their memory limit; raise spark.executor.memoryOverhead, or use smaller batches or fewer cores an executor";
      }
      if (text.contains("[INVALID_DRIVER_MEMORY]")) {
        return "Spark needs a Java heap of at least 450 MB; raise it: --driver-memory 1g before the command";
      }
      if (HEAP.matcher(text).find()) {
        return isCluster()
            ? "the Java heap of the driver or an executor is too small; raise it: --executor-memory or --driver-memory before the command"
            : "the Java heap is too small; raise it: --driver-memory 4g before the command";
      }
    }
    return null;
  }

  /**
   * Returns whether an executor ended for lack of memory, or because something killed it.
   *
   * @param failure Spark's text of an {@code ExecutorLostFailure}
   */
  public static boolean isNamedIn(String failure) {
    return KILLED.matcher(failure).find() || HEAP.matcher(failure).find();
  }

  private static boolean isCluster() {
    return !SparkSettings.isLocal(new SparkConf().setIfMissing("spark.master", "local"));
  }
}
