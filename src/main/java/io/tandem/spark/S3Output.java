package io.tandem.spark;

import io.tandem.conf.OutputSettings;
import org.apache.spark.SparkConf;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configures how output to S3 is committed: tasks upload invisible parts, and the driver completes
 * them when the job is done (S3A's magic committer). By default Spark renames, which S3 implements
 * by copying each object.
 */
final class S3Output {
  private static final Logger LOG = LoggerFactory.getLogger(S3Output.class);

  private static final String CLOUD = "org.apache.spark.internal.io.cloud.";
  private static final String PROTOCOL = "spark.sql.sources.commitProtocolClass";
  private static final String PARQUET = "spark.sql.parquet.output.committer.class";

  private S3Output() {}

  /**
   * Sets the committer. Existing settings of the user or cluster are kept; EMR, for example, has
   * its own committers.
   */
  static void commitWithoutRenaming(OutputSettings output, SparkConf conf) {
    String path = output.path();
    if (path == null
        || !path.matches("s3a?://.*")
        || conf.contains(PROTOCOL)
        || conf.contains(PARQUET)) {
      return;
    }
    if (!isThere(CLOUD + "PathOutputCommitProtocol")) {
      LOG.warn(
          "this Spark has no spark-hadoop-cloud: what is written to {} is committed by copying, which is slow",
          path);
      return;
    }
    conf.set(PROTOCOL, CLOUD + "PathOutputCommitProtocol");
    conf.set(PARQUET, CLOUD + "BindingParquetOutputCommitter");
    conf.set(
        "spark.hadoop.mapreduce.outputcommitter.factory.scheme." + path.replaceFirst(":.*", ""),
        "org.apache.hadoop.fs.s3a.commit.S3ACommitterFactory");
    conf.setIfMissing("spark.hadoop.fs.s3a.committer.name", "magic");
    conf.setIfMissing("spark.hadoop.fs.s3a.committer.magic.enabled", "true");
  }

  private static boolean isThere(String name) {
    try {
      Class.forName(name, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
