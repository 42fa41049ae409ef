package io.tandem.datasource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.CallersSession;
import io.tandem.Paths;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads predictions in the session of another program, by its reader and by SQL. */
@Tag("spark")
final class TandemSourceTest {
  private static final String MODEL = Paths.SMALL_MODEL.toAbsolutePath().toString();
  private static final String FRAMES = Paths.SMALL.toAbsolutePath().toString();

  @TempDir private static Path folder;
  private static SparkSession spark;

  @BeforeAll
  static void runInfer_andOpenTheCallersSession() {
    CallersSession.infer(folder.resolve("run"));
    spark = CallersSession.open();
  }

  @AfterAll
  static void closeIt() {
    spark.stop();
  }

  private static DataFrameReader reader() {
    return spark.read().format("tandem").option("model", MODEL);
  }

  private static List<Row> expected(String... columns) {
    return spark
        .read()
        .parquet(folder.resolve("run/predictions").toString())
        .orderBy("frame_index")
        .selectExpr(columns)
        .collectAsList();
  }

  @Test
  void folder_hasTheRowsOfInfer() {
    Dataset<Row> rows = reader().load(FRAMES);

    assertThat(rows.schema().fieldNames())
        .containsExactly(
            "path",
            "frame_number",
            "pts_us",
            "frame_index",
            "length",
            "modified_at",
            "prediction",
            "timings");
    assertThat(
            rows.orderBy("frame_index")
                .selectExpr(
                    "path",
                    "frame_number",
                    "frame_index",
                    "length",
                    "modified_at",
                    "timings.model",
                    "prediction.label",
                    "prediction.probability",
                    "prediction.top_k",
                    "prediction.error")
                .collectAsList())
        .hasSize(100)
        .isEqualTo(
            expected(
                "path",
                "frame_number",
                "frame_index",
                "length",
                "modified_at",
                "model",
                "label",
                "probability",
                "top_k",
                "error"));
  }

  @Test
  void view_isMadeInSql() {
    spark.sql(
        "CREATE TEMPORARY VIEW p USING tandem OPTIONS (path '%s/*-000?.jpg', model '%s', 'infer.batch-size' '2')"
            .formatted(FRAMES, MODEL));
    try {
      assertThat(
              spark
                  .sql("SELECT prediction.label, timings.batch_size FROM p ORDER BY path")
                  .collectAsList())
          .hasSize(9)
          .allMatch(row -> row.getInt(1) == 2 || row.getInt(1) == 1);
      assertThat(spark.sql("SELECT count(*) FROM p").first().getLong(0)).isEqualTo(9);
    } finally {
      spark.catalog().dropTempView("p");
    }
  }

  @Test
  void columnsThatNobodyAsksFor_areNotMade() {
    Dataset<Row> rows = reader().load(FRAMES);

    assertThat(plan(rows.selectExpr("path", "prediction.label")))
        .containsPattern("Scan tandem \\[path#\\d+,prediction#\\d+\\]");
    assertThat(plan(rows.select("path", "length")))
        .containsPattern("Scan tandem \\[path#\\d+,length#\\d+L\\]");
    assertThat(rows.select("length", "path").orderBy("path").collectAsList())
        .isEqualTo(expected("length", "path"));
    assertThat(rows.count()).isEqualTo(100);
    assertThat(rows.selectExpr("timings.forward_us").where("forward_us > 0").count())
        .isEqualTo(100);
    // A model that cannot be loaded is not needed for a list of the frames.
    Dataset<Row> unloadable =
        spark
            .read()
            .format("tandem")
            .option("model", Paths.MODELS.resolve("fatal").toAbsolutePath().toString())
            .load(FRAMES);
    assertThat(unloadable.select("path").count()).isEqualTo(100);
  }

  private static String plan(Dataset<Row> rows) {
    return rows.queryExecution().executedPlan().toString();
  }

  @Test
  void manifest_passesItsColumns(@TempDir Path made) throws Exception {
    Path manifest = made.resolve("frames.csv");
    Files.writeString(
        manifest,
        "path,camera,n\n%s/bigbuckbunny-0001.jpg,left,1\n%s/bigbuckbunny-0002.jpg,right,2\n%s/none.jpg,up,3\n"
            .formatted(FRAMES, FRAMES, FRAMES));
    List<Row> rows =
        reader()
            .option("manifest", manifest.toString())
            .load()
            .selectExpr("manifest.camera", "manifest.n", "prediction.label", "prediction.error")
            .orderBy("n")
            .collectAsList();

    assertThat(rows.stream().map(row -> row.getString(0))).containsExactly("left", "right", "up");
    assertThat(rows.get(0).getString(2)).isNotEmpty();
    assertThat(rows.get(2).getString(3)).isEqualTo("there is no such file");
  }

  @Test
  void videosFrames_areRows() {
    Dataset<Row> rows =
        reader()
            .option("frames.video.limit", 10)
            .load(Paths.VIDEO.toAbsolutePath().toString())
            .orderBy("pts_us")
            .selectExpr("frame_number", "pts_us", "prediction.error");

    assertThat(rows.collectAsList()).hasSize(10).allMatch(row -> row.isNullAt(2));
    assertThat(rows.first().getLong(1)).isZero();
  }

  @Test
  void limits_andNamesOfColumns() {
    Dataset<Row> rows = reader().option("result", "net").option("timings", "times").load(FRAMES);

    assertThat(rows.limit(3).select("net.label", "times.lane").collectAsList()).hasSize(3);
    assertThatThrownBy(() -> reader().option("result", "Path").load(FRAMES))
        .hasMessage("a column of the frames is called Path already");
  }

  @Test
  void wrongReads_areRefusedWhenTheyAreMade() {
    assertThatThrownBy(() -> spark.read().format("tandem").load(FRAMES))
        .hasMessageStartingWith("no model is named");
    assertThatThrownBy(() -> reader().load()).hasMessageStartingWith("no frames are named");
    assertThatThrownBy(() -> reader().load("/none/such"))
        .hasMessageContaining("no frames found at /none/such");
    assertThatThrownBy(() -> reader().load(FRAMES, FRAMES))
        .hasMessageStartingWith("several paths at once");
    assertThatThrownBy(() -> reader().option("batch", 4).load(FRAMES))
        .hasMessageContaining("unknown key batch");
    assertThatThrownBy(() -> reader().option("infer.batch-size", -1).load(FRAMES))
        .hasMessageContaining("infer.batch-size");
    assertThatThrownBy(() -> reader().option("manifest", "/none.csv").load())
        .hasMessageContaining("/none.csv");
    assertThatThrownBy(
            () -> spark.readStream().format("tandem").option("model", MODEL).load(FRAMES))
        .hasMessageContaining("tandem");
    assertThatThrownBy(
            () ->
                reader()
                    .load(FRAMES)
                    .write()
                    .format("tandem")
                    .option("model", MODEL)
                    .mode("append")
                    .save(folder.toString()))
        .hasMessageContaining("tandem");
  }
}
