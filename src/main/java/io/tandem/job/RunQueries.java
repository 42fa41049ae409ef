package io.tandem.job;

import io.tandem.report.RunJson;
import io.tandem.summary.Environment;
import io.tandem.summary.ForwardLatency;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Summaries;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialRound;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Reads a run folder's recorded columns with Spark SQL; never what tasks counted on their way. */
public final class RunQueries {
  private static final String ROUNDS =
      """
      SELECT trial, round, SUM(lanes) lanes, SUM(frames) frames, MAX(elapsed_us) elapsed_us,
             CASE WHEN SUM(clocks) = SUM(lanes) THEN MAX(ended) - MIN(started) END common_us,
             SUM(busy_cores) busy_cores
      FROM (SELECT trial, round, executor, COUNT(*) lanes, COUNT(clock_offset_us) clocks,
                   SUM(frames) frames, MAX(elapsed_us) elapsed_us,
                   MIN(started_us - clock_offset_us) started,
                   MAX(started_us - clock_offset_us + elapsed_us) ended,
                   MAX(process_cpu_us / elapsed_us) busy_cores
            FROM lanes GROUP BY trial, round, executor)
      GROUP BY trial, round ORDER BY trial, round
      """;

  // Forward belongs to the batch and stands on each of its rows: once per lane and batch.
  private static final String LATENCIES =
      """
      SELECT trial, COUNT(*) forwards, percentile(forward_us, array(0.5D, 0.9D, 0.95D, 0.99D)) p
      FROM (SELECT DISTINCT trial, round, lane, batch, forward_us
            FROM predictions WHERE error IS NULL)
      GROUP BY trial
      """;

  private static final String FAILED =
      "SELECT COUNT(DISTINCT path, frame_index) FROM predictions WHERE error IS NOT NULL";

  private static final String INFERRED =
      """
      SELECT COUNT(*), COUNT(error), MIN(started_us),
             MAX(started_us + GREATEST(output_at_us + output_us, decode_at_us + decode_us,
                                       read_us))
      FROM predictions
      """;

  private static final String FRAMES =
      """
      SELECT path, error,
             array_join(transform(slice(top_k, 1, 3),
                                  t -> format_string('%%s %%.2f', t.label, t.probability)), ', ')
      FROM predictions WHERE %s ORDER BY frame_index LIMIT %d
      """;

  private final SparkSession spark;
  private final RunFolder run;

  public RunQueries(Session session, RunFolder run) {
    this.spark = session.spark();
    this.run = run;
    spark.read().parquet(run.path("predictions")).createOrReplaceTempView("predictions");
    if (isBenchmark()) {
      spark.read().parquet(run.path("lanes")).createOrReplaceTempView("lanes");
    }
  }

  /** Whether the run was a benchmark; else it was an inference. */
  public boolean isBenchmark() {
    return run.exists("lanes");
  }

  public Summary benchmark() {
    List<TrialRound> rounds = new ArrayList<>();
    for (Row row : spark.sql(ROUNDS).collectAsList()) {
      rounds.add(
          new TrialRound(
              row.getString(0),
              row.getInt(1),
              Math.toIntExact(row.getLong(2)),
              row.getLong(3),
              row.getLong(4),
              row.isNullAt(5) ? null : row.getLong(5),
              row.getDouble(6)));
    }
    List<ForwardLatency> latencies = new ArrayList<>();
    for (Row row : spark.sql(LATENCIES).collectAsList()) {
      List<Double> p = row.getList(2);
      latencies.add(
          new ForwardLatency(
              row.getString(0), row.getLong(1), p.get(0), p.get(1), p.get(2), p.get(3)));
    }
    return Summaries.of(environment(), rounds, latencies, spark.sql(FAILED).first().getLong(0));
  }

  /**
   * @param most how many frames to name, of the first ones and of those that failed
   */
  public InferSummary inference(int most) {
    Row row = spark.sql(INFERRED).first();
    return new InferSummary(
        row.getLong(0),
        row.getLong(1),
        row.getLong(3) - row.getLong(2),
        frames("true", most),
        frames("error IS NOT NULL", most));
  }

  private List<InferSummary.Frame> frames(String where, int most) {
    List<InferSummary.Frame> frames = new ArrayList<>();
    for (Row row : spark.sql(FRAMES.formatted(where, most)).collectAsList()) {
      boolean failed = !row.isNullAt(1);
      frames.add(
          new InferSummary.Frame(
              row.getString(0),
              failed ? null : row.getString(2),
              failed ? row.getString(1) : null));
    }
    return frames;
  }

  public Environment environment() {
    return RunJson.read(run.read("environment.json"), Environment.class);
  }
}
