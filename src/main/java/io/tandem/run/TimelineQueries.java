package io.tandem.run;

import io.tandem.summary.Timeline;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Reads the timeline of a run from its recorded tables. A large run is truncated to its first
 * rounds, to the beginning of each trial, or to the first frames of an inference.
 */
final class TimelineQueries {
  /** Limits the trace, because viewers get slow: each frame has two slices, each batch two more. */
  static final int MOST_FRAMES = 50_000;

  private static final int MOST_LOADS = 40_000;

  /** Converts executor times to the driver's clock. External implementations record no times. */
  private static final String CLOCKED =
      """
      SELECT p.*, %s frame, %s result, p.started_us - COALESCE(l.offset, t.offset, 0) began
      FROM predictions p LEFT JOIN (
        SELECT executor, CAST(percentile(clock_offset_us, 0.5D) AS BIGINT) offset
        FROM telemetry GROUP BY executor) t ON p.executor = t.executor
      LEFT JOIN (
        SELECT trial, round, lane, MAX(clock_offset_us) offset, MIN(started_us) measured
        FROM lanes GROUP BY trial, round, lane) l
        ON p.trial <=> l.trial AND p.round <=> l.round AND p.lane = l.lane
      WHERE p.read_us IS NOT NULL AND %s
      """;

  private static final String SLICES =
      """
      SELECT executor, lane, read_thread thread, 'read' phase, trial, round, batch, frame, 1 frames,
             result, device, began + read_at_us from, read_us us
      FROM shown WHERE read_us > 0 OR error IS NULL
      UNION ALL
      SELECT executor, lane, decode_thread, 'decode', trial, round, batch, frame, 1,
             result, device, began + decode_at_us, decode_us
      FROM shown WHERE error IS NULL
      UNION ALL
      SELECT executor, lane, 0, 'forward', trial, round, batch, MIN_BY(frame, frame_index) frame,
             MAX(batch_size), MIN_BY(result, frame_index), device, MIN(began + forward_at_us),
             MIN(forward_us)
      FROM shown WHERE error IS NULL
      GROUP BY executor, task_attempt, lane, trial, round, batch, device
      UNION ALL
      SELECT executor, lane, 0, 'output', trial, round, batch, MIN_BY(frame, frame_index) frame,
             MAX(batch_size), MIN_BY(result, frame_index), device, MIN(began + output_at_us),
             MIN(output_us)
      FROM shown WHERE error IS NULL
      GROUP BY executor, task_attempt, lane, trial, round, batch, device
      """;

  private static final String SPANS =
      """
      SELECT trial, round, MIN(started_us - COALESCE(clock_offset_us, 0)) from,
             MAX(started_us - COALESCE(clock_offset_us, 0) + elapsed_us) to
      FROM lanes GROUP BY trial, round ORDER BY from
      """;

  private static final String MARKS =
      """
      SELECT executor, lane, 'model loaded' what, device,
             started_us - COALESCE(clock_offset_us, 0) - barrier_us - warmup_us at
      FROM lanes WHERE warmup_us IS NOT NULL
      UNION ALL
      SELECT executor, lane, 'warmed up', device,
             started_us - COALESCE(clock_offset_us, 0) - barrier_us
      FROM lanes WHERE barrier_us IS NOT NULL
      ORDER BY at
      """;

  private static final String LOADS =
      """
      SELECT executor, host, at_us - COALESCE(clock_offset_us, 0) at, core_load, process_cores,
             rss_bytes, gpus
      FROM (SELECT *, ROW_NUMBER() OVER (PARTITION BY executor ORDER BY at_us) number
            FROM telemetry)
      WHERE number %% %d = 0 ORDER BY at
      """;

  private final SparkSession spark;
  private final boolean benchmark;
  private final ResultFunctions results;

  /**
   * Queries the views of a run.
   *
   * @param spark the session of {@link RunQueries}, which has the views
   * @param benchmark whether the run is a benchmark, which has lanes; an inference has predictions
   *     only
   * @param results the functions that the session has
   */
  TimelineQueries(SparkSession spark, boolean benchmark, ResultFunctions results) {
    this.spark = spark;
    this.benchmark = benchmark;
    this.results = results;
  }

  /** Returns the timeline. */
  Timeline timeline() {
    Window window = window();
    spark
        .sql(CLOCKED.formatted(RunSql.LABEL, results.description("p"), window.where))
        .createOrReplaceTempView("shown");
    Query<Timeline.Slice> slices =
        start("SELECT * FROM (%s) ORDER BY from".formatted(SLICES), TimelineQueries::slice);
    Query<Timeline.Span> spans = start(SPANS, TimelineQueries::span);
    Query<Timeline.Mark> marks = start(MARKS, TimelineQueries::mark);
    long samples = spark.table("telemetry").count();
    Query<Timeline.Load> loads =
        start(LOADS.formatted(1 + samples / MOST_LOADS), TimelineQueries::load);
    return new Timeline(
        window.phrase, spans.results(), marks.results(), slices.results(), loads.results());
  }

  private record Window(String phrase, String where) {}

  private Window window() {
    long frames = spark.table("predictions").count();
    if (frames <= MOST_FRAMES) {
      return new Window("the whole run", "true");
    }
    if (!benchmark) {
      return new Window(
          "the first %,d of %,d frames".formatted(MOST_FRAMES, frames),
          "p.frame_index < " + MOST_FRAMES);
    }
    long round = spark.sql("SELECT COUNT(*) FROM predictions WHERE round = 1").first().getLong(0);
    long rounds = MOST_FRAMES / Math.max(1, round);
    if (rounds > 0) {
      return new Window(
          rounds == 1 ? "the first round" : "the first %d rounds".formatted(rounds),
          "p.round <= " + rounds);
    }
    double share = (double) MOST_FRAMES / round;
    double longest =
        spark.sql("SELECT MAX(elapsed_us) FROM lanes WHERE round = 1").first().getLong(0);
    long us = Math.round(longest * share);
    return new Window(
        "the first %.1f s of each trial in the first round".formatted(us / 1e6),
        "p.round = 1 AND p.started_us < l.measured + " + us);
  }

  private <T> Query<T> start(String sql, Function<Row, T> make) {
    return Query.start(spark, sql, make);
  }

  private static Timeline.Span span(Row row) {
    long from = row.getLong(2);
    return new Timeline.Span(row.getString(0), row.getInt(1), from, row.getLong(3) - from);
  }

  private static Timeline.Mark mark(Row row) {
    return new Timeline.Mark(
        row.getString(0), row.getInt(1), row.getString(2), row.getLong(4), row.getString(3));
  }

  private static Timeline.Slice slice(Row row) {
    return new Timeline.Slice(
        new Timeline.Track(
            row.getAs("executor"),
            row.<Integer>getAs("lane"),
            row.<Integer>getAs("thread"),
            row.getAs("device")),
        row.getAs("phase"),
        new Timeline.Content(
            row.<@Nullable String>getAs("trial"),
            row.<@Nullable Integer>getAs("round"),
            row.<Integer>getAs("batch"),
            row.getAs("frame"),
            row.<Integer>getAs("frames"),
            row.<@Nullable String>getAs("result")),
        row.<Long>getAs("from"),
        row.<Long>getAs("us"));
  }

  private static Timeline.Load load(Row row) {
    List<Row> gpus = row.getList(row.fieldIndex("gpus"));
    return new Timeline.Load(
        row.getAs("executor"),
        row.getAs("host"),
        row.<Long>getAs("at"),
        row.getList(row.fieldIndex("core_load")),
        row.<Float>getAs("process_cores"),
        row.<@Nullable Long>getAs("rss_bytes"),
        gpus.stream()
            .map(
                gpu ->
                    new Timeline.Gpu(
                        gpu.<Integer>getAs("index"),
                        gpu.<@Nullable Float>getAs("utilization"),
                        gpu.<@Nullable Long>getAs("memory_bytes")))
            .toList());
  }
}
