package io.tandem.job;

import io.tandem.report.RunJson;
import io.tandem.summary.Agreement;
import io.tandem.summary.Conditions;
import io.tandem.summary.Details;
import io.tandem.summary.Environment;
import io.tandem.summary.FrameError;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Latency;
import io.tandem.summary.Measured;
import io.tandem.summary.PhaseSummary;
import io.tandem.summary.Placement;
import io.tandem.summary.Summaries;
import io.tandem.summary.Summary;
import io.tandem.summary.Timeline;
import io.tandem.summary.TrialRound;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** Reads a run folder's recorded columns with Spark SQL; never what tasks counted on their way. */
public final class RunQueries {
  // Clocks and CPU belong to an executor, foreign load to a host. A ceiling is the sum of what its
  // lanes reach, for they do not end at the same moment.
  private static final String ROUNDS =
      """
      WITH executors AS (
        SELECT trial, round, host, executor, COUNT(*) lanes, COUNT(clock_offset_us) clocks,
               SUM(frames) frames, MAX(elapsed_us) longest, MIN(elapsed_us) shortest,
               MIN(started_us - clock_offset_us) first, MAX(started_us - clock_offset_us) last,
               MAX(started_us - clock_offset_us + elapsed_us) ended,
               MAX(process_cpu_us / elapsed_us) busy, MAX(gc_us / elapsed_us) gc,
               MAX(host_busy_us / elapsed_us) host_busy, MAX(host_steal_us / elapsed_us) host_steal,
               MAX(host_cpus) cpus
        FROM lanes GROUP BY trial, round, host, executor),
      hosts AS (
        SELECT trial, round, host, SUM(lanes) lanes, SUM(clocks) clocks, SUM(frames) frames,
               MAX(longest) longest, MIN(shortest) shortest, MIN(first) first, MAX(last) last,
               MAX(ended) ended, SUM(busy) busy, MAX(gc) gc,
               GREATEST(0, MAX(host_busy) - SUM(busy)) / MAX(cpus) foreign_load,
               MAX(host_steal) / MAX(cpus) stolen
        FROM executors GROUP BY trial, round, host),
      trials AS (
        SELECT trial, round, SUM(lanes) lanes, SUM(frames) frames, MAX(longest) elapsed_us,
               MIN(shortest) shortest_us, SUM(clocks) = SUM(lanes) compared,
               MAX(ended) - MIN(first) common_us, MAX(last) - MIN(first) skew_us,
               SUM(busy) busy_cores, MAX(gc) gc, MAX(foreign_load) foreign_load,
               MAX(stolen) stolen
        FROM hosts GROUP BY trial, round),
      counts AS (
        SELECT trial, round, COUNT(DISTINCT IF(pass = 0, struct(path, frame_index), NULL)) once,
               COUNT(*) - COUNT(DISTINCT path, frame_index, pass) twice
        FROM predictions GROUP BY trial, round),
      limits AS (
        SELECT trial, round, SUM(IF(part = 'forward', frames * 1e6D / elapsed_us, 0)) forward,
               SUM(IF(part = 'decode', frames * 1e6D / elapsed_us, 0)) decode
        FROM ceilings GROUP BY trial, round),
      gpus AS (
        SELECT host, at_us, gpu.index, gpu.utilization
        FROM telemetry LATERAL VIEW explode(gpus) AS gpu),
      gpu_loads AS (
        SELECT trial, round, AVG(CAST(utilization AS DOUBLE)) gpu_load
        FROM lanes l JOIN gpus g ON l.host = g.host AND l.device = CONCAT('gpu:', g.index)
          AND g.at_us BETWEEN l.started_us AND l.started_us + l.elapsed_us
        GROUP BY trial, round),
      places AS (
        SELECT trial, round, ARRAY_JOIN(SORT_ARRAY(COLLECT_LIST(place)), ', ') places
        FROM (
          SELECT trial, round, CONCAT(executor, '/', device,
                   IF(device = 'cpu', COALESCE(CONCAT('(', gpu_address, ')'), ''), ''),
                   ' × ', COUNT(*)) place
          FROM lanes GROUP BY trial, round, executor, device, gpu_address)
        GROUP BY trial, round),
      processors AS (
        SELECT trial, round, SORT_ARRAY(COLLECT_SET(cpu)) cpus FROM lanes GROUP BY trial, round)
      SELECT t.*, once, twice, forward, decode, gpu_load, places, cpus
      FROM trials t JOIN counts c USING (trial, round) JOIN places USING (trial, round)
           JOIN processors USING (trial, round) LEFT JOIN limits l USING (trial, round)
           LEFT JOIN gpu_loads g USING (trial, round)
      ORDER BY trial, round
      """;

  // Forward belongs to the batch and stands on each of its rows: once per lane and batch.
  private static final String BATCHES =
      """
      SELECT trial, round, lane, batch, MIN(forward_us) forward_us, MIN(output_us) output_us
      FROM predictions WHERE error IS NULL GROUP BY trial, round, lane, batch
      """;

  private static final String LATENCIES =
      """
      SELECT trial, of, COUNT(*) count, AVG(us) mean,
             percentile(us, array(0.5D, 0.9D, 0.95D, 0.99D)) p, CAST(MAX(us) AS DOUBLE) max
      FROM (SELECT trial, 'forward' of, forward_us us FROM batches
            UNION ALL
            SELECT trial, 'frame', output_at_us + output_us FROM predictions WHERE error IS NULL)
      GROUP BY trial, of ORDER BY trial, of
      """;

  private static final String PHASES =
      """
      WITH slices AS (
        SELECT trial, 1 place, 'read' phase, read_us us FROM predictions
        UNION ALL SELECT trial, 2, 'decode', decode_us FROM predictions WHERE error IS NULL
        UNION ALL SELECT trial, 3, 'wait', wait_us FROM predictions WHERE error IS NULL
        UNION ALL SELECT trial, 4, 'forward', forward_us FROM batches
        UNION ALL SELECT trial, 5, 'output', output_us FROM batches
        UNION ALL SELECT trial, 6, 'lane_wait', lane_wait_us FROM lanes),
      elapsed AS (SELECT trial, SUM(elapsed_us) elapsed FROM lanes GROUP BY trial)
      SELECT trial, phase, COUNT(*) count, SUM(us) total, AVG(us) mean,
             percentile(us, array(0.5D, 0.95D)) p, SUM(us) / MAX(elapsed) share
      FROM slices JOIN elapsed USING (trial)
      GROUP BY trial, place, phase ORDER BY trial, place
      """;

  private static final String FORTIETHS =
      IntStream.rangeClosed(0, 40).mapToObj(i -> i / 40.0 + "D").collect(Collectors.joining(", "));

  private static final String FORWARD_TIMES =
      """
      SELECT trial, percentile(forward_us, array(%s)) FROM batches GROUP BY trial
      """
          .formatted(FORTIETHS);

  // What the lane's own thread did: its helpers' work runs beside it.
  private static final String LANE_SHARES =
      """
      WITH frames AS (
        SELECT trial, SUM(IF(read_thread = 0, read_us, 0)) read,
               SUM(IF(decode_thread = 0 AND error IS NULL, decode_us, 0)) decode
        FROM predictions GROUP BY trial),
      passes AS (
        SELECT trial, SUM(forward_us) forward, SUM(output_us) output FROM batches GROUP BY trial),
      elapsed AS (
        SELECT trial, SUM(elapsed_us) elapsed, SUM(lane_wait_us) waiting FROM lanes GROUP BY trial)
      SELECT trial, read / elapsed, decode / elapsed, COALESCE(forward, 0) / elapsed,
             COALESCE(output, 0) / elapsed, waiting / elapsed
      FROM elapsed JOIN frames USING (trial) LEFT JOIN passes USING (trial)
      """;

  private static final String AGREEMENTS =
      """
      WITH own AS (
        SELECT trial, round, path, frame_index, label, probability, top_k
        FROM predictions WHERE pass = 0),
      base AS (
        SELECT round, path, frame_index, label base_label, probability base_probability,
               probability - COALESCE(get(top_k, 1).probability, 0) margin
        FROM own WHERE trial = '%s' AND label IS NOT NULL)
      SELECT trial, AVG(IF(margin > %s, IF(label <=> base_label, 1D, 0D), NULL)) same,
             CAST(MAX(ABS(base_probability - COALESCE(
               get(filter(top_k, t -> t.label = base_label), 0).probability,
               element_at(top_k, -1).probability))) AS DOUBLE) difference
      FROM own JOIN base USING (round, path, frame_index)
      GROUP BY trial ORDER BY trial
      """;

  private static final String ERRORS =
      """
      SELECT path, frame_index, MIN(error) error, COUNT(*) rows, COUNT(*) OVER () failed
      FROM predictions WHERE error IS NOT NULL
      GROUP BY path, frame_index ORDER BY path, frame_index LIMIT 10000
      """;

  private static final String INFERRED =
      """
      SELECT COUNT(*), COUNT(error), MIN(started_us),
             MAX(started_us + GREATEST(output_at_us + output_us, decode_at_us + decode_us,
                                       read_us))
      FROM predictions
      """;

  private static final String TASKS =
      """
      WITH tasks AS (
        SELECT executor, host, MAX(started_us + GREATEST(output_at_us + output_us,
                 decode_at_us + decode_us, read_us)) - MIN(started_us) us
        FROM predictions GROUP BY executor, host, task_attempt, partition)
      SELECT COUNT(*), CAST(COUNT(DISTINCT executor) AS INT), percentile(us, 0.5D), MAX(us),
             MAX_BY(CONCAT('executor ', executor, ' on ', host), us)
      FROM tasks
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
    orNothing("telemetry", TimelineQueries.TELEMETRY).createOrReplaceTempView("telemetry");
    if (isBenchmark()) {
      spark.read().parquet(run.path("lanes")).createOrReplaceTempView("lanes");
      orNothing("ceilings", CeilingRow.SCHEMA).createOrReplaceTempView("ceilings");
      spark.sql(BATCHES).createOrReplaceTempView("batches");
    }
  }

  /** Without rows where they were not measured. */
  private Dataset<Row> orNothing(String name, StructType schema) {
    return run.exists(name)
        ? spark.read().schema(schema).parquet(run.path(name))
        : spark.createDataFrame(List.of(), schema);
  }

  /** Whether the run was a benchmark; else it was an inference. */
  public boolean isBenchmark() {
    return run.exists("lanes");
  }

  public Summary benchmark() {
    Environment environment = environment();
    String baseline = environment.trials().get(0);
    List<Row> errors = spark.sql(ERRORS).collectAsList();
    return Summaries.of(
        environment,
        new Measured(
            of(ROUNDS, RunQueries::round),
            of(LATENCIES, RunQueries::latency),
            of(PHASES, RunQueries::phase),
            of(AGREEMENTS.formatted(baseline, environment.rules().tie()), RunQueries::agreement),
            errors.stream().map(RunQueries::error).toList(),
            errors.isEmpty() ? 0 : errors.get(0).<Long>getAs("failed")));
  }

  /** Whether each baseline was measured: without them there is no ratio. */
  public boolean hasBaseline() {
    List<String> trials = environment().trials();
    Set<String> found =
        recorded().stream().map(row -> row.getString(0)).collect(Collectors.toSet());
    boolean allCores = trials.size() > 1 && Trial.of(trials.get(1)).concurrency() == 1;
    return found.containsAll(trials.subList(0, allCores ? 2 : 1));
  }

  /** The trials and rounds that were measured. */
  List<Row> recorded() {
    return spark.sql("SELECT DISTINCT trial, round FROM lanes").collectAsList();
  }

  private <T> List<T> of(String sql, Function<Row, T> make) {
    return spark.sql(sql).collectAsList().stream().map(make).toList();
  }

  private static TrialRound round(Row row) {
    boolean compared = row.<Boolean>getAs("compared");
    return new TrialRound(
        row.getAs("trial"),
        row.<Integer>getAs("round"),
        Math.toIntExact(row.<Long>getAs("lanes")),
        row.<Long>getAs("frames"),
        row.<Long>getAs("elapsed_us"),
        compared ? row.<Long>getAs("common_us") : null,
        row.<Double>getAs("busy_cores"),
        row.<@Nullable Double>getAs("gpu_load"),
        row.<@Nullable Double>getAs("forward"),
        row.<@Nullable Double>getAs("decode"),
        new Conditions(
            row.<Long>getAs("shortest_us"),
            row.<Long>getAs("once"),
            row.<Long>getAs("twice"),
            row.<Double>getAs("gc"),
            row.<@Nullable Double>getAs("foreign_load"),
            row.<@Nullable Double>getAs("stolen"),
            compared ? row.<Long>getAs("skew_us") : null),
        new Placement(row.getAs("places"), row.getList(row.fieldIndex("cpus"))));
  }

  private static Latency latency(Row row) {
    List<Double> p = row.getList(row.fieldIndex("p"));
    return new Latency(
        row.getAs("trial"),
        row.getAs("of"),
        row.<Long>getAs("count"),
        row.<Double>getAs("mean"),
        p.get(0),
        p.get(1),
        p.get(2),
        p.get(3),
        row.<Double>getAs("max"));
  }

  private static PhaseSummary phase(Row row) {
    List<Double> p = row.getList(row.fieldIndex("p"));
    return new PhaseSummary(
        row.getAs("trial"),
        row.getAs("phase"),
        row.<Long>getAs("count"),
        row.<Long>getAs("total"),
        row.<Double>getAs("mean"),
        p.get(0),
        p.get(1),
        row.<Double>getAs("share"));
  }

  private static Agreement agreement(Row row) {
    return new Agreement(
        row.getAs("trial"),
        row.<@Nullable Double>getAs("same"),
        row.<@Nullable Double>getAs("difference"));
  }

  private static FrameError error(Row row) {
    return new FrameError(
        row.getAs("path"),
        row.<Integer>getAs("frame_index"),
        row.getAs("error"),
        row.<Long>getAs("rows"));
  }

  /** What happened when. */
  public Timeline timeline() {
    return new TimelineQueries(spark, isBenchmark()).timeline();
  }

  /** What pictures of a benchmark are drawn from. */
  public Details details() {
    return new Details(
        timeline(),
        of(
            FORWARD_TIMES,
            row -> new Details.ForwardTimes(row.getString(0), row.<Double>getList(1))),
        of(LANE_SHARES, RunQueries::laneShares));
  }

  private static Details.LaneShares laneShares(Row row) {
    double[] shares = new double[5];
    double rest = 1;
    for (int i = 0; i < shares.length; i++) {
      shares[i] = row.getDouble(i + 1);
      rest -= shares[i];
    }
    return new Details.LaneShares(
        row.getString(0), shares[0], shares[1], shares[2], shares[3], shares[4], Math.max(0, rest));
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
