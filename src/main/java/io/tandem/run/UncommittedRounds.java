package io.tandem.run;

import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The files of a benchmark that was killed while it appended a round: those of predictions and
 * ceilings come before the lanes, which commit them.
 */
public final class UncommittedRounds {
  private UncommittedRounds() {}

  /** Removes them, and what killed tasks left, so that the round can be measured again. */
  public static void remove(Session session, RunFolder run) {
    for (String table : List.of("predictions", "ceilings", "lanes")) {
      run.deleteUncommitted(table);
    }
    for (String table : List.of("predictions", "ceilings")) {
      if (hasRows(run, table)) {
        files(session, run, table).forEach(file -> run.delete(table + "/" + file));
      }
    }
  }

  /** Hides their rows from the view {@code predictions}, where there is a view {@code lanes}. */
  static void hide(SparkSession spark) {
    spark
        .sql(
            "SELECT p.* FROM predictions p LEFT SEMI JOIN lanes l ON p.trial = l.trial AND p.round = l.round")
        .createOrReplaceTempView("predictions");
  }

  private static boolean hasRows(RunFolder run, String table) {
    return run.files(table).stream().anyMatch(name -> name.endsWith(".parquet"));
  }

  /** A file has the rows of one round only, and is committed by one file of lanes. */
  private static List<String> files(Session session, RunFolder run, String table) {
    Dataset<Row> rows = rows(session, run, table);
    if (hasRows(run, "lanes")) {
      Dataset<Row> lanes = rows(session, run, "lanes").select("trial", "round").distinct();
      rows = rows.join(lanes, new String[] {"trial", "round"}, "left_anti");
    }
    return rows.select("file").distinct().as(Encoders.STRING()).collectAsList();
  }

  private static Dataset<Row> rows(Session session, RunFolder run, String table) {
    return Readers.literal(session.spark())
        .parquet(run.path(table))
        .selectExpr("trial", "round", "substring_index(input_file_name(), '/', -1) file");
  }
}
