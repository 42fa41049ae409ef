package io.tandem;

import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Queries Parquet folders by SQL, each time in a session of its own. */
public final class Rows {
  private Rows() {}

  /** Writes the result of a query over the view {@code rows}. */
  public static void write(String folder, String sql, String to) {
    SparkSession spark = session();
    try {
      spark.read().parquet(folder).createOrReplaceTempView("rows");
      spark.sql(sql).write().parquet(to);
    } finally {
      spark.stop();
    }
  }

  /** Returns the rows of a query over the view {@code rows}. */
  public static List<Row> of(String folder, String sql) {
    SparkSession spark = session();
    try {
      spark.read().parquet(folder).createOrReplaceTempView("rows");
      return spark.sql(sql).collectAsList();
    } finally {
      spark.stop();
    }
  }

  /** Returns the session of this JVM, or a small new one, which the test stops. */
  public static SparkSession session() {
    return SparkSession.builder()
        .master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "1")
        .getOrCreate();
  }
}
