package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.Tandem;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a real run's columns say of each thread's time. */
@Tag("alone")
final class LaneTimingTest {
  /** Slices of every thread: the lane itself is 0, readers are r1, r2, ..., decoders d1, d2, ... */
  private static final String SLICES =
      """
      SELECT trial, round, lane, if(read_thread = 0, '0', concat('r', read_thread)) thread,
             started_us + read_at_us at, read_us length FROM rows
      UNION ALL
      SELECT trial, round, lane, if(decode_thread = 0, '0', concat('d', decode_thread)),
             started_us + decode_at_us, decode_us FROM rows
      UNION ALL
      SELECT trial, round, lane, '0', min(started_us + forward_at_us), min(forward_us)
      FROM rows GROUP BY trial, round, lane, batch
      UNION ALL
      SELECT trial, round, lane, '0', min(started_us + output_at_us), min(output_us)
      FROM rows GROUP BY trial, round, lane, batch
      """;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"0, 0", "16, 0", "16, 2"})
  void everyThreadsTime_isCountedOnce(int readAhead, int decodeThreads) {
    Path run = folder.resolve("run");
    Call call =
        Tandem.benchmark()
            .frames(Paths.FRAMES)
            .output(run)
            .shortTrials()
            .set(
                "frames.limit=24",
                "benchmark.concurrency=[2]",
                "benchmark.rounds=3",
                "benchmark.min-seconds=0.7",
                "lane.read-ahead=" + readAhead,
                "lane.decode-threads=" + decodeThreads)
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();

    String predictions = run.resolve("predictions").toString();
    // Microseconds are cut, not rounded: neighbours may seem to share one.
    List<Row> overlapping =
        Rows.of(
            predictions,
            """
            SELECT * FROM (
              SELECT *, lead(at) OVER (PARTITION BY trial, round, lane, thread ORDER BY at, length)
                        AS next
              FROM (%s))
            WHERE at + length > next + 2
            """
                .formatted(SLICES));
    assertThat(overlapping).isEmpty();

    // What the code does not count is missing in every round; what the machine takes away is not.
    List<Row> lanes =
        Rows.of(
            predictions,
            """
            SELECT trial, max(share), max(round), max_by(lane, share) FROM (
              SELECT trial, round, lane, (busy + lane_wait_us) / elapsed_us AS share FROM (
                SELECT trial, round, lane, sum(length) busy FROM (%s) WHERE thread = '0'
                GROUP BY trial, round, lane)
              JOIN parquet.`%s` USING (trial, round, lane))
            GROUP BY trial
            """
                .formatted(SLICES, run.resolve("lanes")));
    assertThat(lanes).hasSizeGreaterThanOrEqualTo(2);
    for (Row lane : lanes) {
      assertThat(lane.getDouble(1)).as("%s", lane).isBetween(0.99, 1.0001);
    }

    List<Row> threads =
        Rows.of(
            predictions,
            "SELECT min(read_thread), max(read_thread), min(decode_thread), max(decode_thread)"
                + " FROM rows");
    Row used = threads.get(0);
    assertThat(used.getInt(0)).isEqualTo(Math.min(1, readAhead));
    assertThat(used.getInt(1)).isBetween(Math.min(1, readAhead), readAhead);
    assertThat(used.getInt(2)).isEqualTo(Math.min(1, decodeThreads));
    assertThat(used.getInt(3)).isEqualTo(decodeThreads);
  }
}
