package io.tandem.spark;

import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.SparkSession;

/** Makes Spark's readers of files. */
public final class Readers {
  private Readers() {}

  /** Returns a reader that takes each path literally; Spark's own one takes brackets for a glob. */
  public static DataFrameReader literal(SparkSession spark) {
    return spark.read().option("__globPaths__", false);
  }
}
