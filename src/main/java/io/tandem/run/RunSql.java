package io.tandem.run;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The views and queries of {@link RunQueries} over predictions, lanes, ceilings and telemetry. A
 * run folder may be from anyone: only names and numbers of this program become a part of a query,
 * and values of the run are its parameters.
 */
final class RunSql {
  // Clock offsets and CPU use are per executor, foreign load is per host.
  private static final String EXECUTORS =
      """
      SELECT trial, round, host, executor, COUNT(*) lanes, COUNT(clock_offset_us) clocks,
             COUNT(load_us) loaded, SUM(frames) frames, MAX(elapsed_us) longest,
             MIN(elapsed_us) shortest, MIN(started_us - clock_offset_us) first,
             MAX(started_us - clock_offset_us) last,
             MAX(started_us - clock_offset_us + elapsed_us) ended,
             MAX(process_cpu_us / elapsed_us) busy, MAX(gc_us / elapsed_us) gc,
             MAX(host_busy_us / elapsed_us) host_busy, MAX(host_steal_us / elapsed_us) host_steal,
             MAX(host_cpus) cpus, MAX(quota_throttled) throttled,
             MIN(quota_cores) quota_cores,
             MAX(ABS(clock_jump_us)) clock_jump
      FROM lanes GROUP BY trial, round, host, executor
      """;

  private static final String HOSTS =
      """
      SELECT trial, round, host, SUM(lanes) lanes, SUM(clocks) clocks, SUM(loaded) loaded,
             SUM(frames) frames, MAX(longest) longest, MIN(shortest) shortest, MIN(first) first,
             MAX(last) last, MAX(ended) ended, SUM(busy) busy, MAX(gc) gc,
             GREATEST(0, MAX(host_busy) - SUM(busy)) / MAX(cpus) foreign_load,
             MAX(host_steal) / MAX(cpus) stolen, MAX(throttled) throttled, MIN(quota_cores) quota_cores,
             MAX(clock_jump) clock_jump
      FROM executors GROUP BY trial, round, host
      """;

  // An external implementation has no start line: its time runs from the start of its first task to
  // the end of its last. Its model loading time is unknown.
  private static final String TIMES =
      """
      SELECT trial, round, SUM(lanes) lanes, SUM(frames) frames,
             IF(SUM(loaded) = 0, COALESCE(MAX(ended) - MIN(first), MAX(longest)),
                MAX(longest)) elapsed_us,
             MIN(shortest) shortest_us, SUM(clocks) = SUM(lanes) compared,
             MAX(ended) - MIN(first) common_us, MAX(last) - MIN(first) skew_us,
             SUM(busy) busy_cores, MAX(gc) gc, MAX(foreign_load) foreign_load,
             MAX(stolen) stolen, MAX(throttled) throttled, MIN(quota_cores) quota_cores,
             MAX(clock_jump) clock_jump
      FROM hosts GROUP BY trial, round
      """;

  private static final String COUNTS =
      """
      SELECT trial, round, COUNT(DISTINCT IF(pass = 0, struct(path, frame_index), NULL)) once,
             COUNT(*) - COUNT(DISTINCT path, frame_index, pass) twice
      FROM predictions GROUP BY trial, round
      """;

  // A ceiling is the sum of the throughputs of its lanes, because they do not end at the same time.
  private static final String LIMITS =
      """
      SELECT trial, round, SUM(IF(part = 'forward', frames * 1e6D / elapsed_us, 0)) forward,
             SUM(IF(part = 'decode', frames * 1e6D / elapsed_us, 0)) decode
      FROM ceilings GROUP BY trial, round
      """;

  // NVML's reasons for a lower clock: slowdown (8) or thermal slowdown (32 and 64) or power brake
  // (128). A power cap and an idle GPU are no disturbance.
  private static final String GPU_LOADS =
      """
      WITH gpus AS (
        SELECT host, at_us, gpu.index, gpu.uuid, gpu.utilization,
               CAST(CONV(SUBSTRING(gpu.throttle, 3), 16, 10) AS BIGINT) & 232 > 0 lowered
        FROM telemetry LATERAL VIEW explode(gpus) AS gpu)
      SELECT trial, round, AVG(CAST(utilization AS DOUBLE)) gpu_load,
             AVG(CAST(lowered AS INT)) gpu_throttled
      FROM lanes l JOIN gpus g ON l.host = g.host
        AND l.device IN (CONCAT('gpu:', g.index), CONCAT('gpu:', g.uuid))
        AND g.at_us BETWEEN l.started_us AND l.started_us + l.elapsed_us
      GROUP BY trial, round
      """;

  // Idle cores may have a low frequency: a core counts by its load.
  private static final String FREQUENCIES =
      """
      WITH windows AS (
        SELECT trial, round, host, MIN(started_us) since, MAX(started_us + elapsed_us) until
        FROM lanes GROUP BY trial, round, host),
      weighted AS (
        SELECT host, at_us,
               AGGREGATE(ZIP_WITH(core_load, core_mhz, (l, m) -> CAST(l * m AS DOUBLE)), 0D,
                         (sum, x) -> sum + x) mhz,
               AGGREGATE(core_load, 0D, (sum, l) -> sum + l) load
        FROM telemetry WHERE SIZE(core_mhz) > 0),
      hosts AS (
        SELECT trial, round, w.host, SUM(mhz) / SUM(load) mhz
        FROM windows w JOIN weighted t ON w.host = t.host AND t.at_us BETWEEN since AND until
        GROUP BY trial, round, w.host HAVING SUM(load) > 0)
      SELECT trial, round, MIN(mhz) clock_mhz FROM hosts GROUP BY trial, round
      """;

  private static final String PLACES =
      """
      SELECT trial, round, ARRAY_JOIN(SORT_ARRAY(COLLECT_LIST(place)), ', ') places
      FROM (
        SELECT trial, round, CONCAT(executor, '/', device,
                 IF(device = 'cpu', COALESCE(CONCAT('(', gpu_address, ')'), ''), ''),
                 ' × ', COUNT(*)) place
        FROM lanes GROUP BY trial, round, executor, device, gpu_address)
      GROUP BY trial, round
      """;

  private static final String PROCESSORS =
      """
      SELECT trial, round, SORT_ARRAY(COLLECT_SET(cpu)) cpus FROM lanes GROUP BY trial, round
      """;

  // The forward time is a batch's, repeated on each of its rows: count it once per lane and batch.
  // A lane's first batch of a shape, where frames keep their sizes, is not part of a latency.
  // The phases of an external implementation are unknown.
  private static final String BATCHES =
      """
      SELECT trial, round, lane, batch, MIN(forward_us) forward_us, MIN(output_us) output_us,
             COALESCE(BOOL_OR(first_of_shape), FALSE) warms_up
      FROM predictions WHERE error IS NULL AND forward_us IS NOT NULL
      GROUP BY trial, round, lane, batch
      """;

  /** The views that the queries read in addition to the recorded tables, in order of dependency. */
  static final Map<String, String> VIEWS = views();

  static final String ROUNDS =
      """
      SELECT t.*, once, twice, forward, decode, gpu_load, gpu_throttled,
             clock_mhz, places, cpus
      FROM times t JOIN counts c USING (trial, round) JOIN places USING (trial, round)
           JOIN processors USING (trial, round) LEFT JOIN limits l USING (trial, round)
           LEFT JOIN gpu_loads g USING (trial, round)
           LEFT JOIN frequencies f USING (trial, round)
      ORDER BY trial, round
      """;

  static final String LATENCIES =
      """
      SELECT trial, of, COUNT(*) count, AVG(us) mean,
             percentile(us, array(0.5D, 0.9D, 0.95D, 0.99D)) p, CAST(MAX(us) AS DOUBLE) max
      FROM (SELECT trial, 'forward' of, forward_us us FROM batches WHERE NOT warms_up
            UNION ALL
            SELECT trial, 'frame', output_at_us + output_us FROM predictions
            WHERE error IS NULL AND output_us IS NOT NULL
              AND NOT COALESCE(first_of_shape, FALSE))
      GROUP BY trial, of ORDER BY trial, of
      """;

  static final String PHASES =
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
      FROM slices JOIN elapsed USING (trial) WHERE us IS NOT NULL
      GROUP BY trial, place, phase ORDER BY trial, place
      """;

  private static final String FORTIETHS =
      IntStream.rangeClosed(0, 40).mapToObj(i -> i / 40.0 + "D").collect(Collectors.joining(", "));

  static final String FORWARD_TIMES =
      """
      SELECT trial, percentile(forward_us, array(%s)) FROM batches WHERE NOT warms_up
      GROUP BY trial
      """
          .formatted(FORTIETHS);

  // Covers the lane's own thread only: its helper threads run concurrently.
  static final String LANE_SHARES =
      """
      WITH frames AS (
        SELECT trial, SUM(IF(read_thread = 0, read_us, 0)) read,
               SUM(IF(decode_thread = 0 AND error IS NULL, decode_us, 0)) decode
        FROM predictions GROUP BY trial),
      passes AS (
        SELECT trial, SUM(forward_us) forward, SUM(output_us) output FROM batches GROUP BY trial),
      elapsed AS (
        SELECT trial, SUM(elapsed_us) elapsed, SUM(lane_wait_us) waiting FROM lanes
        WHERE lane_wait_us IS NOT NULL GROUP BY trial)
      SELECT trial, read / elapsed, decode / elapsed, COALESCE(forward, 0) / elapsed,
             COALESCE(output, 0) / elapsed, waiting / elapsed
      FROM elapsed JOIN frames USING (trial) LEFT JOIN passes USING (trial)
      """;

  private static final String AGREEMENTS =
      """
      WITH own AS (SELECT * FROM predictions WHERE pass = 0),
      base AS (SELECT * FROM own WHERE trial = :baseline AND %s),
      compared AS (
        SELECT own.trial, own.frame_index, %s agreement
        FROM own JOIN base ON own.round = base.round AND own.path = base.path
          AND own.frame_index = base.frame_index)
      SELECT trial, AVG(CAST(agreement.same AS INT)) same, MAX(agreement.difference) difference,
             COUNT(DISTINCT CASE WHEN agreement.same IS NOT NULL THEN frame_index END) compared
      FROM compared GROUP BY trial ORDER BY trial
      """;

  static final String ERRORS =
      """
      SELECT path, frame_index, MIN(pts_us) pts_us, MIN(error) error, COUNT(*) rows,
             COUNT(*) OVER () failed
      FROM predictions WHERE error IS NOT NULL
      GROUP BY path, frame_index ORDER BY path, frame_index LIMIT 10000
      """;

  /** A file, and of a frame of a video the time, as {@code FrameRef} has it. */
  static final String LABEL =
      "IF(pts_us IS NULL, path, CONCAT(path, ' at ', CAST(pts_us / 1e6 AS DECIMAL(18, 3)), ' s'))";

  private static final String FRAMES =
      """
      SELECT %s, error, %s FROM predictions WHERE %s ORDER BY frame_index LIMIT %d
      """;

  private RunSql() {}

  /** Returns the query that compares each trial with that of the parameter {@code baseline}. */
  static String agreements(ResultFunctions results) {
    return AGREEMENTS.formatted(results.isRecorded("own"), results.agreement("own", "base"));
  }

  /**
   * Returns the query for a description of each frame.
   *
   * @param where the condition that selects frames
   * @param most the maximum number of frames
   */
  static String frames(ResultFunctions results, String where, int most) {
    return FRAMES.formatted(LABEL, results.description("predictions"), where, most);
  }

  private static Map<String, String> views() {
    Map<String, String> views = new LinkedHashMap<>();
    views.put("executors", EXECUTORS);
    views.put("hosts", HOSTS);
    views.put("times", TIMES);
    views.put("counts", COUNTS);
    views.put("limits", LIMITS);
    views.put("gpu_loads", GPU_LOADS);
    views.put("frequencies", FREQUENCIES);
    views.put("places", PLACES);
    views.put("processors", PROCESSORS);
    views.put("batches", BATCHES);
    return views;
  }
}
