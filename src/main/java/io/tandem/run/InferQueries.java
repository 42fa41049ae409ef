package io.tandem.run;

import io.tandem.summary.InferSummary;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * The queries of an inference. A resumed one has a part for each process that wrote it, one that
 * follows a folder for each batch: the time between two parts is not work, and numbers of tasks
 * begin again in each.
 */
final class InferQueries {
  /** The start of each part in microseconds, by its claim; the first has all before the second. */
  private static final StructType PARTS =
      StructType.fromDDL("part INT, since BIGINT, until BIGINT");

  private static final String TIMED =
      """
      SELECT p.*, part, started_us + GREATEST(output_at_us + output_us, decode_at_us + decode_us,
                                              read_us) ended_us
      FROM predictions p LEFT JOIN parts ON started_us >= since AND started_us < until
      """;

  private static final String TOTALS =
      """
      WITH by_part AS (
        SELECT COUNT(*) frames, COUNT(error) failed, MAX(ended_us) - MIN(started_us) us
        FROM timed GROUP BY part)
      SELECT COALESCE(SUM(frames), 0L), COALESCE(SUM(failed), 0L), COALESCE(SUM(us), 0L),
             CAST(COUNT(us) AS INT)
      FROM by_part
      """;

  private static final String TASKS =
      """
      WITH tasks AS (
        SELECT executor, host, MAX(ended_us) - MIN(started_us) us
        FROM timed GROUP BY part, executor, host, task_attempt, partition)
      SELECT COUNT(*), CAST(COUNT(DISTINCT executor) AS INT), percentile(us, 0.5D), MAX(us),
             MAX_BY(CONCAT('executor ', executor, ' on ', host), us)
      FROM tasks
      """;

  private final SparkSession spark;
  private final ResultFunctions results;

  /**
   * Queries the views of a run.
   *
   * @param spark the session of {@link RunQueries}, which has the views
   * @param results the functions that the session has
   */
  InferQueries(SparkSession spark, RunFolder run, ResultFunctions results) {
    this.spark = spark;
    this.results = results;
    spark.createDataFrame(parts(spark, run), PARTS).createOrReplaceTempView("parts");
    spark.sql(TIMED).createOrReplaceTempView("timed");
  }

  /** Returns when each process claimed the folder, and when each batch of a followed one began. */
  private static List<Instant> starts(SparkSession spark, RunFolder run) {
    List<Instant> claims = RunClaim.starts(run);
    if (!BatchRecord.areIn(run)) {
      return claims;
    }
    return Stream.concat(claims.stream(), BatchRecord.starts(spark, run).stream())
        .sorted()
        .toList();
  }

  private static List<Row> parts(SparkSession spark, RunFolder run) {
    List<Instant> starts = starts(spark, run);
    List<Row> parts = new ArrayList<>();
    long since = Long.MIN_VALUE;
    for (int next = 1; next <= Math.max(1, starts.size()); next++) {
      long until =
          next < starts.size()
              ? ChronoUnit.MICROS.between(Instant.EPOCH, starts.get(next))
              : Long.MAX_VALUE;
      parts.add(RowFactory.create(next, since, until));
      since = until;
    }
    return parts;
  }

  /**
   * Returns the summary.
   *
   * @param most the maximum number of frames to list, of the first ones and of the failed ones each
   */
  InferSummary summary(int most) {
    Row row = spark.sql(TOTALS).first();
    return new InferSummary(
        row.getLong(0),
        row.getLong(1),
        new InferSummary.Elapsed(row.getLong(2), Math.max(1, row.getInt(3))),
        tasks(),
        frames("true", most),
        frames("error IS NOT NULL", most));
  }

  private InferSummary.Tasks tasks() {
    Row row = spark.sql(TASKS).first();
    return new InferSummary.Tasks(
        row.getLong(0), row.getInt(1), row.getDouble(2), row.getLong(3), row.getString(4));
  }

  private List<InferSummary.Frame> frames(String where, int most) {
    List<InferSummary.Frame> frames = new ArrayList<>();
    for (Row row : spark.sql(RunSql.frames(results, where, most)).collectAsList()) {
      boolean failed = !row.isNullAt(1);
      frames.add(
          new InferSummary.Frame(
              row.getString(0),
              failed ? null : row.getString(2),
              failed ? row.getString(1) : null));
    }
    return frames;
  }
}
