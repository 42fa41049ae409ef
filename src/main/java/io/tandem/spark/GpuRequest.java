package io.tandem.spark;

import org.apache.spark.SparkConf;
import org.apache.spark.package$;

/** Checks the application's GPU request before Spark does, for a clearer message. */
final class GpuRequest {
  static final String EXECUTOR = "spark.executor.resource.gpu.amount";
  static final String TASK = "spark.task.resource.gpu.amount";

  private GpuRequest() {}

  /**
   * @throws ClusterException if it cannot be fulfilled
   */
  static void check(SparkConf conf) {
    if (!conf.contains(TASK) && !conf.contains(EXECUTOR)) {
      return;
    }
    String master = conf.get("spark.master");
    if (master.equals("local") || master.startsWith("local[")) {
      throw new ClusterException(
          "%s assigns no GPUs; for those of this machine start a standalone Spark here, or omit %s"
              .formatted(master, conf.contains(TASK) ? TASK : EXECUTOR));
    }
    double executor = amount(conf, EXECUTOR);
    double task = amount(conf, TASK);
    if (executor != Math.rint(executor)) {
      throw new ClusterException(
          "%s takes a whole number: %s".formatted(EXECUTOR, conf.get(EXECUTOR)));
    }
    double most = package$.MODULE$.SPARK_VERSION().startsWith("3.") ? 0.5 : 1;
    if (task > most && task != Math.rint(task)) {
      throw new ClusterException(
          "%s = %s cannot be divided: at most %s where tasks share a GPU, or a whole number"
              .formatted(TASK, conf.get(TASK), most));
    }
    if (task > executor) {
      throw new ClusterException(
          "%s = %s is more than an executor has: %s = %s"
              .formatted(TASK, conf.get(TASK), EXECUTOR, conf.get(EXECUTOR)));
    }
  }

  private static double amount(SparkConf conf, String key) {
    String other = key.equals(TASK) ? EXECUTOR : TASK;
    if (!conf.contains(key)) {
      throw new ClusterException("%s is set, but %s is not".formatted(other, key));
    }
    try {
      double amount = Double.parseDouble(conf.get(key));
      if (amount > 0) {
        return amount;
      }
    } catch (NumberFormatException e) {
      // Reported below.
    }
    throw new ClusterException("%s must be positive: %s".formatted(key, conf.get(key)));
  }
}
