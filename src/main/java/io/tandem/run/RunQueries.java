package io.tandem.run;

import io.tandem.postprocess.TaskType;
import io.tandem.postprocess.TaskTypes;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import io.tandem.summary.Agreement;
import io.tandem.summary.Conditions;
import io.tandem.summary.Details;
import io.tandem.summary.FrameError;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Interference;
import io.tandem.summary.Latency;
import io.tandem.summary.Measured;
import io.tandem.summary.PhaseSummary;
import io.tandem.summary.Placement;
import io.tandem.summary.Summaries;
import io.tandem.summary.Summary;
import io.tandem.summary.Timeline;
import io.tandem.summary.TrialRound;
import io.tandem.telemetry.SampleColumns;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Queries the recorded tables of a run folder with Spark SQL; task counters are not used. Each
 * instance has its own views, in its own SQL session.
 */
public final class RunQueries {
  /** The columns of {@code telemetry/}. */
  static final StructType TELEMETRY = StructType.fromDDL(SampleColumns.DDL);

  /**
   * Some ten thousand rows or more, by how well they compress. Of 0.6 MB, a look takes half the
   * time interpreted; of 4.8 MB, a summary takes 1.2 times as long.
   */
  private static final long SMALL_BYTES = 2L << 20;

  private final SparkSession spark;
  private final RunFolder run;
  private final RunRecord record;
  private final ResultFunctions results;

  private RunQueries(SparkSession spark, RunFolder run, RunRecord record) {
    this.spark = spark;
    this.run = run;
    this.record = record;
    this.results =
        ResultFunctions.register(spark, taskType(), record.environment().rules().tie(), run.path());
  }

  /** Returns the queries of a run. */
  public static RunQueries of(Session session, RunFolder run) {
    boolean small = run.bytes("predictions") <= SMALL_BYTES;
    return of(run, small ? session.forSmallTables() : session.spark().newSession());
  }

  /**
   * Returns the queries of a run.
   *
   * @param spark the SQL session in which to create the views
   */
  static RunQueries of(RunFolder run, SparkSession spark) {
    RunQueries queries = new RunQueries(spark, run, RunRecord.read(run));
    queries.view("predictions", PredictionTable.of(queries.taskType()).schema());
    queries.view("lanes", LaneRow.SCHEMA);
    queries.view("ceilings", CeilingRow.SCHEMA);
    queries.view("telemetry", TELEMETRY);
    if (queries.isBenchmark()) {
      if (!run.isEnded()) {
        UncommittedRounds.hide(spark);
      }
      RunSql.VIEWS.forEach((name, sql) -> queries.spark.sql(sql).createOrReplaceTempView(name));
    }
    return queries;
  }

  /**
   * Creates a view of a table; empty if the run lacks it. Columns that an older run lacks are null.
   */
  private void view(String name, StructType schema) {
    Dataset<Row> rows =
        run.exists(name)
            ? Readers.literal(spark).schema(schema).parquet(run.path(name))
            : spark.createDataFrame(List.of(), schema);
    rows.createOrReplaceTempView(name);
  }

  private TaskType taskType() {
    return TaskTypes.named(record.environment().model().taskType());
  }

  /**
   * Returns the results of single frames: of an inference, or of a benchmark's first baseline in
   * its first round.
   */
  public RecordedResults results() {
    Dataset<Row> rows = spark.table("predictions");
    if (isBenchmark()) {
      rows =
          rows.where(rows.col("trial").equalTo(record.trials().get(0).id()))
              .where("round = 1 AND pass = 0");
    }
    rows.createOrReplaceTempView(RecordedResults.VIEW);
    return new RecordedResults(spark, run, taskType(), results);
  }

  /** Returns whether the run was a benchmark, not an inference. */
  public boolean isBenchmark() {
    return run.exists("lanes");
  }

  /** Returns the summary of a benchmark. */
  public Summary benchmark() {
    if (record.trials().isEmpty()) {
      throw new RunFolderException(
          null, "%s has lanes/, but no trials in trials.jsonl".formatted(run.path()));
    }
    String baseline = record.trials().get(0).id();
    Query<TrialRound> rounds = start(RunSql.ROUNDS, RunQueries::round);
    Query<Latency> latencies = start(RunSql.LATENCIES, RunQueries::latency);
    Query<PhaseSummary> phases = start(RunSql.PHASES, RunQueries::phase);
    Query<Agreement> agreements =
        Query.start(
            spark, RunSql.agreements(results), Map.of("baseline", baseline), RunQueries::agreement);
    List<Row> errors = spark.sql(RunSql.ERRORS).collectAsList();
    return Summaries.of(
        record.environment(),
        record.trials(),
        new Measured(
            rounds.results(),
            latencies.results(),
            phases.results(),
            agreements.results(),
            errors.stream().map(RunQueries::error).toList(),
            errors.isEmpty() ? 0 : errors.get(0).<Long>getAs("failed"),
            run.isEnded()));
  }

  /** Returns whether all baselines were measured; speedups need them. */
  public boolean hasBaseline() {
    Set<String> found =
        recorded().stream().map(row -> row.getString(0)).collect(Collectors.toSet());
    return record.trials().stream()
        .filter(Trial::isBaseline)
        .allMatch(baseline -> found.contains(baseline.id()));
  }

  /** Returns the measured trials and rounds, as rows (trial, round). */
  public List<Row> recorded() {
    return spark.sql("SELECT DISTINCT trial, round FROM lanes").collectAsList();
  }

  private <T> Query<T> start(String sql, Function<Row, T> make) {
    return Query.start(spark, sql, make);
  }

  private static TrialRound round(Row row) {
    boolean compared = row.<Boolean>getAs("compared");
    return new TrialRound(
        row.getAs("trial"),
        row.<Integer>getAs("round"),
        new TrialRound.Work(
            Math.toIntExact(row.<Long>getAs("lanes")),
            row.<Long>getAs("frames"),
            row.<Long>getAs("elapsed_us"),
            compared ? row.<Long>getAs("common_us") : null),
        new TrialRound.Load(
            row.<Double>getAs("busy_cores"), row.<@Nullable Double>getAs("gpu_load")),
        new TrialRound.Ceilings(
            row.<@Nullable Double>getAs("forward"), row.<@Nullable Double>getAs("decode")),
        new Conditions(
            row.<Long>getAs("shortest_us"),
            row.<Long>getAs("once"),
            row.<Long>getAs("twice"),
            row.<Double>getAs("gc"),
            new Interference(
                row.<@Nullable Double>getAs("foreign_load"),
                row.<@Nullable Double>getAs("stolen"),
                row.<@Nullable Double>getAs("throttled"),
                row.<@Nullable Double>getAs("gpu_throttled"),
                row.<@Nullable Double>getAs("clock_mhz"),
                row.<@Nullable Long>getAs("clock_jump"),
                row.<@Nullable Double>getAs("quota_cores")),
            compared ? row.<Long>getAs("skew_us") : null),
        new Placement(row.getAs("places"), row.getList(row.fieldIndex("cpus"))));
  }

  private static Latency latency(Row row) {
    List<Double> p = row.getList(row.fieldIndex("p"));
    return new Latency(
        row.getAs("trial"),
        row.getAs("of"),
        row.<Long>getAs("count"),
        new Latency.Distribution(
            row.<Double>getAs("mean"),
            p.get(0),
            p.get(1),
            p.get(2),
            p.get(3),
            row.<Double>getAs("max")));
  }

  private static PhaseSummary phase(Row row) {
    List<Double> p = row.getList(row.fieldIndex("p"));
    return new PhaseSummary(
        row.getAs("trial"),
        row.getAs("phase"),
        row.<Long>getAs("count"),
        row.<Double>getAs("share"),
        new PhaseSummary.Times(
            row.<Long>getAs("total"), row.<Double>getAs("mean"), p.get(0), p.get(1)));
  }

  private static Agreement agreement(Row row) {
    return new Agreement(
        row.getAs("trial"),
        row.<@Nullable Double>getAs("same"),
        row.<@Nullable Double>getAs("difference"),
        row.<Long>getAs("compared"));
  }

  private static FrameError error(Row row) {
    return new FrameError(
        row.getAs("path"),
        row.<Integer>getAs("frame_index"),
        row.<@Nullable Long>getAs("pts_us"),
        row.getAs("error"),
        row.<Long>getAs("rows"));
  }

  /** Returns the timeline of the run. */
  public Timeline timeline() {
    return new TimelineQueries(spark, isBenchmark(), results).timeline();
  }

  /** Returns the data of the report's charts of a benchmark. */
  public Details details() {
    Query<Details.ForwardTimes> forwardTimes =
        start(
            RunSql.FORWARD_TIMES,
            row -> new Details.ForwardTimes(row.getString(0), row.<Double>getList(1)));
    Query<Details.LaneShares> laneShares = start(RunSql.LANE_SHARES, RunQueries::laneShares);
    return new Details(timeline(), forwardTimes.results(), laneShares.results());
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
   * Returns the summary of an inference.
   *
   * @param most the maximum number of frames to list, of the first ones and of the failed ones each
   */
  public InferSummary inference(int most) {
    return new InferQueries(spark, run, results).summary(most);
  }
}
