package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.spark.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The benchmark command on real Spark, in local mode: every model scope, two rounds. */
@Tag("spark")
final class BenchmarkJobTest {
  private static final int FRAMES = 13;
  private static final int BAD = 1;

  @TempDir static Path folder;
  private static Call call = new Call(-1, "", "");
  private static RunReader run = new RunReader(Path.of(""));

  @BeforeAll
  static void benchmark() throws IOException {
    Path frames = Files.createDirectories(folder.resolve("frames"));
    for (int i = 1; i <= FRAMES - BAD; i++) {
      Files.copy(
          Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i)), frames.resolve(i + ".jpg"));
    }
    Files.copy(Paths.IMAGES.resolve("truncated.jpg"), frames.resolve("bad.jpg"));
    run = new RunReader(folder.resolve("run"));
    call =
        Tandem.benchmark()
            .frames(frames)
            .output(run.folder())
            .set(
                "benchmark.concurrency=[1, 3]",
                "benchmark.model-scopes=[executor, task, prediction]",
                "benchmark.rounds=2",
                "benchmark.min-seconds=0",
                "benchmark.warmup-seconds=0",
                "benchmark.warmup-batches=1",
                "benchmark.ceiling-seconds=0.1")
            .run();
  }

  @Test
  void benchmark_printsItsTable() {
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .contains("serial baseline")
        .containsPattern("3 +1 +prediction +\\d")
        .contains("too few for intervals (6 are needed): a first look")
        .contains("1 frame could not be read or decoded");
  }

  @Test
  void everyTrial_predictsEachFrameOfPassZeroOnceARound() {
    List<Row> rows =
        predictions(
            """
            SELECT trial, round, COUNT(*), COUNT(DISTINCT path), COUNT(error)
            FROM rows WHERE pass = 0 GROUP BY trial, round
            """);
    assertThat(rows).hasSize(trials() * 2);
    for (Row row : rows) {
      assertThat(row.getLong(2)).as("%s", row).isEqualTo(FRAMES);
      assertThat(row.getLong(3)).as("%s", row).isEqualTo(FRAMES);
      assertThat(row.getLong(4)).as("%s", row).isEqualTo(BAD);
    }
  }

  @Test
  void everyTrial_givesTheSameLabels() {
    assertThat(predictions("SELECT path FROM rows GROUP BY path HAVING COUNT(DISTINCT label) > 1"))
        .isEmpty();
  }

  @Test
  void batches_areFull_andForwardIsOneValueABatch() {
    List<Row> rows =
        predictions(
            """
            SELECT COUNT(*), COUNT(DISTINCT forward_us), COUNT(DISTINCT forward_at_us + started_us),
                   MIN(batch_size)
            FROM rows WHERE error IS NULL GROUP BY trial, round, lane, batch
            """);
    assertThat(rows).isNotEmpty();
    for (Row row : rows) {
      assertThat(row.getLong(0)).isEqualTo(4);
      assertThat(row.getLong(1)).isEqualTo(1);
      assertThat(row.getInt(3)).isEqualTo(4);
    }
  }

  @Test
  void lanes_areAsManyAsTheTrialSays_andCountTheirRows() throws IOException {
    Map<String, Long> lanes =
        lanes("SELECT trial, COUNT(*) FROM rows GROUP BY trial").stream()
            .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
    assertThat(lanes).hasSize(trials());
    Map<String, Integer> concurrency = run.concurrency();
    lanes.forEach(
        (trial, count) ->
            assertThat(count)
                .as(trial)
                .isEqualTo(2L * Objects.requireNonNull(concurrency.get(trial))));
    List<Row> counted =
        lanes(
            """
            SELECT SUM(frames), MIN(elapsed_us) > 0, MIN(passes), MIN(clock_offset_us),
                   MIN(process_cpu_us) > 0, MIN(host_busy_us) > 0
            FROM rows
            """);
    long predicted = predictions("SELECT COUNT(*) FROM rows WHERE error IS NULL").get(0).getLong(0);
    assertThat(counted.get(0).getLong(0)).isEqualTo(predicted);
    assertThat(counted.get(0).getBoolean(1)).isTrue();
    assertThat(counted.get(0).getInt(2)).isEqualTo(1);
    assertThat(counted.get(0).getLong(3)).isZero();
    assertThat(counted.get(0).getBoolean(4)).isTrue();
    assertThat(counted.get(0).getBoolean(5)).isTrue();
  }

  @Test
  void slices_lieWithinTheirLanesTime() {
    List<Row> outside =
        predictions(
            """
            SELECT p.path FROM rows p
            JOIN parquet.`%s` l USING (trial, round, lane)
            WHERE p.started_us < l.started_us - 1
               OR p.started_us + p.output_at_us + p.output_us > l.started_us + l.elapsed_us + 2
            """
                .formatted(run.resolve("lanes")));
    assertThat(outside).isEmpty();
  }

  @Test
  void ceilings_areMeasuredForEveryTrialAndRound() throws IOException {
    List<Row> rows =
        run.table(
            "ceilings",
            """
            SELECT trial, round, part, COUNT(*), MIN(frames), MIN(elapsed_us)
            FROM rows GROUP BY trial, round, part
            """);
    assertThat(rows).hasSize(trials() * 2 * 2);
    for (Row row : rows) {
      assertThat(row.getLong(3))
          .as("%s", row)
          .isEqualTo(Objects.requireNonNull(run.concurrency().get(row.getString(0))).longValue());
      assertThat(row.getLong(4)).as("%s", row).isPositive();
      assertThat(row.getLong(5)).as("%s", row).isGreaterThanOrEqualTo(100_000);
    }
  }

  @Test
  void summary_saysThatAllTrialsGiveTheSameAnswers() throws IOException {
    for (Map<String, String> row : run.csv("summary/speedup.csv")) {
      assertThat(row).containsEntry("agreement", "1").containsEntry("speedup_low", "");
      assertThat(row.get("ceiling_ratio")).as("%s", row).isNotEmpty();
      assertThat(row).containsEntry("disturbed_rounds", "");
    }
    assertThat(run.csv("summary/errors.csv")).hasSize(BAD);
    assertThat(run.csv("summary/latency.csv")).hasSize(2 * trials());
    assertThat(run.csv("summary/phases.csv")).hasSize(6 * trials());
  }

  @Test
  void summarize_makesTheSameFilesFromTheColumns() throws IOException {
    Path csv = run.resolve("summary/speedup.csv");
    String before = Files.readString(csv);
    assertThat(before.lines()).hasSize(1 + trials());
    Files.delete(csv);
    Files.delete(run.resolve("summary/summary.json"));
    Call again = Tandem.command("summarize").with(run.folder()).run();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(Files.readString(csv)).isEqualTo(before);
    assertThat(run.resolve("summary/summary.json")).exists();
    assertThat(call.out()).endsWith(again.out());
  }

  @Test
  void compare_ofARunWithItself_findsNoDifference() throws IOException {
    Path json = folder.resolve("compared.json");
    Path markdown = folder.resolve("compared.md");
    Call compared =
        Tandem.command("compare")
            .with(
                run.folder(),
                run.folder(),
                "--fail-below",
                "0.95",
                "--json",
                json,
                "--markdown",
                markdown)
            .run();
    assertThat(compared.exitCode()).as(compared.err()).isZero();
    assertThat(compared.out())
        .contains("Differences: none")
        .containsPattern("cpu-3x1-b4-fp32-task +\\d.* 1\\.000");
    assertThat(Files.readString(json)).contains("\"ratio\" : 1.0");
    assertThat(Files.readAllLines(markdown)).hasSizeGreaterThan(trials());
    Call gate =
        Tandem.command("compare").with(run.folder(), run.folder(), "--fail-below", "1.01").run();
    assertThat(gate.exitCode()).isEqualTo(1);
    assertThat(gate.err()).contains("is slower than 1.01 times the first run: 1.000");
  }

  @Test
  void compare_ofOtherModels_isRefused_unlessMeant() throws IOException {
    Path other = folder.resolve("other");
    for (String part : List.of("predictions", "lanes", "ceilings")) {
      FileUtils.copyDirectory(run.resolve(part).toFile(), other.resolve(part).toFile());
    }
    for (String file : List.of("settings.conf", "trials.jsonl")) {
      Files.copy(run.resolve(file), other.resolve(file));
    }
    Files.writeString(
        other.resolve("environment.json"),
        Files.readString(run.resolve("environment.json"))
            .replaceFirst("\"fingerprint\" : \"", "\"fingerprint\" : \"x"));
    Call refused = Tandem.command("compare").with(run.folder(), other).run();
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).startsWith("different models: ").hasLineCount(1);
    assertThat(Tandem.command("compare").with("--different", run.folder(), other).run().exitCode())
        .isZero();
    Call resumed = Tandem.resume(other).run();
    assertThat(resumed.exitCode()).isEqualTo(2);
    assertThat(resumed.err()).contains("cannot be resumed: the model's fingerprint was x");
  }

  /**
   * As if it had been killed while it appended round 2: its lanes, which come last, are missing.
   */
  @Test
  void resume_runsTheMissingTrials_andNoOthers_andRowsOfARoundOnce() throws IOException {
    long before = lanes("SELECT * FROM rows").size();
    Path cut = folder.resolve("cut");
    for (String part : List.of("predictions", "ceilings", "_claims")) {
      FileUtils.copyDirectory(run.resolve(part).toFile(), cut.resolve(part).toFile());
    }
    for (String file : List.of("settings.conf", "environment.json", "trials.jsonl")) {
      Files.copy(run.resolve(file), cut.resolve(file));
    }
    Rows.write(
        run.resolve("lanes").toString(),
        "SELECT * FROM rows WHERE round = 1",
        cut.resolve("lanes").toString());
    Call summarized = Tandem.command("summarize").with(cut).run();
    assertThat(summarized.out().replaceAll("\\s+", " "))
        .contains("Interrupted, or still running: %1$d rounds of %1$d trials".formatted(trials()));
    long firstRound =
        predictions(
                "SELECT 1 FROM rows WHERE round = 1 AND error IS NULL AND trial = 'cpu-1x1-b4-fp32-executor'")
            .size();
    assertThat(
            new RunReader(cut)
                .csvRow(
                    "summary/latency.csv",
                    Map.of("trial", "cpu-1x1-b4-fp32-executor", "of", "frame"))
                .get("count"))
        .isEqualTo(Long.toString(firstRound));
    Call resumed = Tandem.resume(cut).run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    for (String table : List.of("predictions", "ceilings")) {
      String rows =
          "SELECT trial, round, COUNT(*) n FROM rows GROUP BY trial, round ORDER BY trial, round";
      assertThat(new RunReader(cut).table(table, rows)).isEqualTo(run.table(table, rows));
    }
    List<Row> rounds =
        new RunReader(cut).lanes("SELECT trial, round, lane, COUNT(*) FROM rows GROUP BY ALL");
    assertThat(rounds).hasSize((int) before).allMatch(row -> row.getLong(3) == 1);
    assertThat(cut.resolve("summary/speedup.csv")).exists();
  }

  @Test
  void run_leavesNothingUnfinished() {
    assertThat(run.resolve("_staging")).doesNotExist();
    assertThat(run.resolve("settings.conf")).exists();
    assertThat(run.resolve("recommended.conf")).exists();
    assertThat(run.resolve("summary/summary.md")).exists();
  }

  /** 1 and 3 lanes with three scopes each, and one lane with every core where there are more. */
  private static int trials() {
    return 6 + (Session.localCores() > 1 ? 1 : 0);
  }

  private static List<Row> predictions(String sql) {
    return run.predictions(sql);
  }

  private static List<Row> lanes(String sql) {
    return run.lanes(sql);
  }
}
