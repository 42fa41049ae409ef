package io.tandem.sink;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.Tandem;
import io.tandem.conf.ResultFormat;
import io.tandem.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results in other formats, of runs that end, are killed between two commits, and are resumed. */
@Tag("spark")
final class ResultFormatsTest {
  /** What results have, as text so that formats compare; pictures as Base64. */
  private static final String ROWS =
      """
      SELECT path, CAST(frame_number AS STRING) n, CAST(pts_us AS STRING) t, CAST(length AS STRING) l,
        CAST(unix_millis(CAST(modified_at AS TIMESTAMP)) AS STRING) m, model, image_sha256, %s image, error,
        manifest.`a b,c` text, CAST(manifest.nested.x[1] AS STRING) x
      FROM %s ORDER BY path, n""";

  private static final String BASE64 = "translate(base64(image), '\\r\\n', '')";

  @TempDir Path folder;
  private Path frames = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void tenFrames() throws IOException {
    frames = Files.createDirectory(folder.resolve("frames"));
    out = folder.resolve("out");
    for (int i = 0; i < 10; i++) {
      Files.copy(Paths.small(i + 1), frame(i));
    }
  }

  @Test
  void results_equalThePredictions_withoutTimings() throws IOException {
    Files.writeString(frame(3), "no picture");
    Call call =
        Tandem.infer()
            .model(Paths.DOUBLING)
            .with("--manifest", manifest(), "--format", "csv")
            .output(out)
            .set("output.commit-frames=4", "output.images=column")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("Written to " + out + ": predictions/, results/");
    assertThat(chunks()).containsExactly("chunk=00001", "chunk=00002", "chunk=00003");
    for (String chunk : chunks()) {
      assertThat(out.resolve("results/" + chunk + "/_SUCCESS")).exists();
    }
    SparkSession spark = Rows.session();
    try {
      String predictions = out.resolve("predictions").toString();
      spark.read().parquet(predictions).createOrReplaceTempView("predictions");
      List<Row> expected = spark.sql(ROWS.formatted(BASE64, "predictions")).collectAsList();
      assertThat(expected).hasSize(10);
      assertThat(expected.get(4).getString(9)).isEqualTo(" 4 \"quoted\", \\ =1+1\n");
      assertThat(expected.get(4).getString(7)).hasSizeGreaterThan(1000);
      assertThat(expected.get(3).getString(8)).isNotEmpty();

      view(spark, "csv").createOrReplaceTempView("results");
      assertThat(spark.table("results").columns())
          .contains("path", "frame_index", "model", "error", "manifest", "chunk")
          .doesNotContain("forward_us", "started_us", "host", "lane", "trial", "task_attempt");
      assertThat(spark.sql(ROWS.formatted("image", "results")).collectAsList()).isEqualTo(expected);
      assertThat(spark.sql("SELECT COUNT(*) FROM results GROUP BY chunk").collectAsList())
          .extracting(row -> row.getLong(0))
          .containsExactlyInAnyOrder(4L, 4L, 2L);

      RunFolder run = RunFolder.recorded(out.toString());
      for (ResultFormat format : List.of(ResultFormat.JSON, ResultFormat.ORC)) {
        FileUtils.deleteDirectory(out.resolve("results").toFile());
        new ResultFiles(run, format).append(1, spark.table("predictions"));
        view(spark, format.toString()).createOrReplaceTempView("results");
        String image = format == ResultFormat.ORC ? BASE64 : "image";
        assertThat(spark.sql(ROWS.formatted(image, "results")).collectAsList())
            .as(format.toString())
            .isEqualTo(expected);
      }
    } finally {
      spark.stop();
    }
  }

  /** A manifest with a struct, and texts that need quotes; one frame lacks both. */
  private Path manifest() throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      String others =
          i == 2
              ? ""
              : ", \"a b,c\": \" %d \\\"quoted\\\", \\\\ =1+1\\n\", \"nested\": {\"x\": [1, %d]}"
                  .formatted(i, i);
      lines.append("{\"path\": \"%s\"%s}\n".formatted(frame(i), others));
    }
    return Files.writeString(folder.resolve("list.json"), lines);
  }

  @Test
  void killedBetweenCommits_isCompletedByResume_withoutPredictingAgain() throws IOException {
    assertThat(infer("--format", "json").exitCode()).isZero();
    List<Row> predicted = rows("predictions");
    List<Row> whole = results();
    // Chunk 1 was being written; chunk 3 was not begun.
    Files.delete(out.resolve("_chunks/json/1"));
    try (Stream<Path> files = Files.list(out.resolve("results/chunk=00001"))) {
      Files.delete(
          files.filter(file -> file.toString().endsWith(".json")).findFirst().orElseThrow());
    }
    FileUtils.deleteDirectory(out.resolve("results/chunk=00003").toFile());
    Files.delete(out.resolve("_chunks/json/3"));
    Files.delete(out.resolve("_chunks/files/000003.json"));
    Files.delete(out.resolve("_SUCCESS"));
    Call resumed = resume();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .contains("no frame is missing", "2 chunks of committed rows added to results/\n");
    assertThat(rows("predictions")).isEqualTo(predicted);
    assertThat(results()).isEqualTo(whole).hasSize(10);

    Call again = resume();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).doesNotContain("of committed rows");
    assertThat(results()).isEqualTo(whole);
  }

  @Test
  void framesThatChanged_areReplacedInTheResults() throws IOException {
    assertThat(infer("--format", "json").exitCode()).isZero();
    Files.copy(Paths.small(20), frame(0), StandardCopyOption.REPLACE_EXISTING);
    Files.copy(Paths.small(30), frame(5), StandardCopyOption.REPLACE_EXISTING);
    Call resumed = resume();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("2 frames changed, and will be predicted again");
    assertThat(resumed.out()).contains("2 frames, 0 failed");
    assertThat(results()).hasSize(10).isEqualTo(resultsOfPredictions());
    assertThat(results().get(0).getString(0)).endsWith("00.jpg");
    assertThat(results().get(0).getLong(1)).isEqualTo(Files.size(frame(0)));
    assertThat(chunks()).doesNotHaveDuplicates().hasSizeGreaterThan(3);
  }

  @Test
  void runThatHasEnded_getsOtherFormatsLater_andKeepsThem() throws IOException {
    assertThat(infer().exitCode()).isZero();
    assertThat(out.resolve("results")).doesNotExist();
    assertThat(out.resolve("_chunks")).doesNotExist();
    List<Row> predicted = rows("predictions");
    // What cannot be written fails with a sentence, and can be written later.
    Files.writeString(out.resolve("results"), "");
    Call refused = resume("--format", "json");
    assertThat(refused.exitCode()).as(refused.err()).isEqualTo(1);
    assertThat(refused.err())
        .contains("10 of 10 frames are committed in " + out, "The job failed: ", "results")
        .doesNotContain("\tat ");
    Files.delete(out.resolve("results"));
    Call later = resume();
    assertThat(later.exitCode()).as(later.err()).isZero();
    assertThat(later.err()).contains("1 chunk of committed rows added to results/");
    assertThat(rows("predictions")).isEqualTo(predicted);
    assertThat(results()).isEqualTo(resultsOfPredictions());

    Call other = resume("--format", "csv");
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err()).hasLineCount(1).contains("are in the format json; omit --format");
    Call unknown = resume("--format", "xml");
    assertThat(unknown.exitCode()).isEqualTo(2);
    assertThat(unknown.err()).contains("output.format is one of parquet, json, orc, csv, not: xml");
  }

  @Test
  void followedFolder_hasAChunkForEachBatch_alsoWhenItIsContinued() throws IOException {
    Call first = follow();
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(chunks()).hasSize(3);
    Files.delete(out.resolve("_chunks/json/2"));
    Files.copy(Paths.small(12), frame(11));
    Call more = follow();
    assertThat(more.exitCode()).as(more.err()).isZero();
    assertThat(more.err()).contains("1 chunk of committed rows added to results/");
    assertThat(chunks()).hasSize(4);
    assertThat(results()).hasSize(11).isEqualTo(resultsOfPredictions());
  }

  private Call follow() {
    return Tandem.infer()
        .model(Paths.DOUBLING)
        .with("--follow", frames, "--follow-once", "--output", out, "--format", "json")
        .set(
            "follow.settle=0 s",
            "follow.interval=100 ms",
            "output.commit-frames=4",
            "infer.batch-size=1",
            "infer.intra-op-threads=1")
        .run();
  }

  private Call infer(Object... options) {
    return Tandem.infer()
        .model(Paths.DOUBLING)
        .frames(frames)
        .output(out)
        .with(options)
        .set("output.commit-frames=4", "infer.frames-per-task=2", "infer.batch-size=1")
        .run();
  }

  private Call resume(Object... options) {
    return Tandem.command("infer").with("--resume", out).with(options).run();
  }

  private Path frame(int number) {
    return frames.resolve(String.format(Locale.ROOT, "%02d.jpg", number));
  }

  private List<String> chunks() throws IOException {
    try (Stream<Path> chunks = Files.list(out.resolve("results"))) {
      return chunks.map(chunk -> chunk.getFileName().toString()).sorted().toList();
    }
  }

  private List<Row> results() {
    return rows("results");
  }

  /** The rows of results, or of predictions with the time at which each was predicted. */
  private List<Row> rows(String table) {
    SparkSession spark = Rows.session();
    try {
      return (table.equals("results")
              ? view(spark, "json").selectExpr("path", "length", "image_sha256", "frame_index")
              : spark
                  .read()
                  .parquet(out.resolve(table).toString())
                  .select("path", "length", "image_sha256", "frame_index", "started_us"))
          .orderBy("path")
          .collectAsList();
    } finally {
      spark.stop();
    }
  }

  private List<Row> resultsOfPredictions() {
    SparkSession spark = Rows.session();
    try {
      return spark
          .read()
          .parquet(out.resolve("predictions").toString())
          .selectExpr("path", "length", "image_sha256", "CAST(frame_index AS BIGINT) frame_index")
          .orderBy("path")
          .collectAsList();
    } finally {
      spark.stop();
    }
  }

  /** The results, read by Spark; of CSV with the manifest's columns parsed. */
  private Dataset<Row> view(SparkSession spark, String format) {
    String results = out.resolve("results").toString();
    if (!format.equals("csv")) {
      return spark.read().format(format).load(results);
    }
    return spark
        .read()
        .option("header", true)
        .option("multiLine", true)
        .option("escape", "\"")
        .csv(results)
        .withColumn(
            "manifest",
            expr(
                "from_json(manifest, 'STRUCT<`a b,c`: STRING, nested: STRUCT<x: ARRAY<BIGINT>>>')"));
  }
}
