package io.tandem.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.conf.SettingsException;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.PredictionTable;
import io.tandem.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.function.Function;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results in tables of Apache Iceberg, in a catalog of files. */
@Tag("spark")
final class CatalogTableTest {
  private static final String LAKE = "spark.sql.catalog.lake";
  private static final String ROWS = "SELECT path, length, label FROM %s ORDER BY path";

  @TempDir Path folder;
  private Path frames = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void framesAndCatalog() throws IOException {
    System.setProperty(LAKE, "org.apache.iceberg.spark.SparkCatalog");
    System.setProperty(LAKE + ".type", "hadoop");
    System.setProperty(LAKE + ".warehouse", folder.resolve("lake").toString());
    Files.createDirectories(folder.resolve("lake/db"));
    frames = Files.createDirectory(folder.resolve("frames"));
    out = folder.resolve("out");
    for (int i = 0; i < 10; i++) {
      Files.copy(Paths.small(i + 1), frame(i));
    }
  }

  @AfterEach
  void withoutCatalog() {
    List.of(LAKE, LAKE + ".type", LAKE + ".warehouse").forEach(System::clearProperty);
  }

  @Test
  void eachChunk_isOneCommit_whichResumeFindsByRunAndChunk() throws IOException {
    Call first = infer(out);
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("Written to " + out + ": predictions/, ", "; table lake.db.t");
    Call other = infer(folder.resolve("other"));
    assertThat(other.exitCode()).as(other.err()).isZero();
    String run = runId(out);
    String otherRun = runId(folder.resolve("other"));
    List<Row> commits =
        query(
            "SELECT summary['tandem-run'], summary['tandem-chunk'] FROM lake.db.t.snapshots ORDER BY committed_at");
    assertThat(commits)
        .extracting(row -> row.getString(0))
        .containsExactly(run, run, run, otherRun, otherRun, otherRun);
    assertThat(commits)
        .extracting(row -> row.getString(1))
        .containsExactly("1", "2", "3", "1", "2", "3");
    assertThat(query("SELECT DISTINCT run_id, chunk FROM lake.db.t")).hasSize(6);

    // As a kill leaves it before the table's commit; of another chunk a frame has changed.
    query("DELETE FROM lake.db.t WHERE run_id = '%s' AND chunk = 3".formatted(run));
    Files.copy(Paths.small(20), frame(0), StandardCopyOption.REPLACE_EXISTING);
    Call resumed = Tandem.command("infer").with("--resume", out).run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("of committed rows added to lake.db.t\n");
    assertThat(resumed.out()).contains("1 frame, 0 failed");
    assertThat(query(ROWS.formatted("lake.db.t WHERE run_id = '%s'".formatted(run))))
        .hasSize(10)
        .isEqualTo(new RunReader(out).predictions(ROWS.formatted("rows")));
    assertThat(query("SELECT * FROM lake.db.t WHERE run_id != '%s'".formatted(run))).hasSize(10);
  }

  @Test
  void tableThatCannotBeWritten_failsTheRunWithASentence_andResumeCompletesIt() throws IOException {
    query(
        "CREATE TABLE lake.db.t (%s, run_id STRING, chunk INT) USING iceberg"
            .formatted(results().toDDL()));
    Files.writeString(folder.resolve("lake/db/t/data"), "no folder");
    Call failed = infer(out);
    assertThat(failed.exitCode()).as(failed.err()).isEqualTo(1);
    assertThat(failed.err())
        .contains("4 of 10 frames are committed in " + out)
        .contains("The job failed: cannot commit chunk 1 to the table lake.db.t: ")
        .doesNotContain("\tat ");
    assertThat(query("SELECT * FROM lake.db.t")).isEmpty();

    Files.delete(folder.resolve("lake/db/t/data"));
    Call resumed = Tandem.command("infer").with("--resume", out).run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).contains("1 chunk of committed rows added to lake.db.t\n");
    assertThat(resumed.out()).contains("6 frames, 0 failed");
    assertThat(query(ROWS.formatted("lake.db.t")))
        .hasSize(10)
        .isEqualTo(new RunReader(out).predictions(ROWS.formatted("rows")));
  }

  @Test
  void tableThatTakesNoResults_isRefused_beforeAnythingIsWritten() {
    in(
        spark -> {
          spark.sql(
              "CREATE TABLE lake.db.less (path STRING, run_id STRING, chunk INT) USING iceberg");
          spark.sql(
              "CREATE TABLE lake.db.more (path STRING, length BIGINT, run_id STRING, chunk INT, day DATE) USING iceberg");
          spark.sql(
              "CREATE TABLE lake.db.other (path STRING, length STRING, run_id STRING, chunk INT) USING iceberg");
          spark.sql(
              "CREATE TABLE lake.db.strict (path STRING NOT NULL, length BIGINT, run_id STRING, chunk INT) USING iceberg");
          spark.conf().set("spark.sql.catalog.gone", "org.apache.iceberg.spark.Gone");
          spark
              .conf()
              .set(
                  "spark.sql.catalog.jdbc",
                  "org.apache.spark.sql.execution.datasources.v2.jdbc.JDBCTableCatalog");
          assertRefused(spark, "db.t", "is not of the form catalog.namespace.table");
          assertRefused(spark, "lake..t", "is not of the form catalog.namespace.table");
          assertRefused(spark, "lake.db.t;x", "is not of the form catalog.namespace.table");
          assertRefused(
              spark,
              "sea.db.t",
              "which Spark does not know (it has lake); add --conf spark.sql.catalog.sea=");
          assertRefused(spark, "jdbc.db.t", "tables of Apache Iceberg only");
          assertRefused(
              spark, "gone.db.t", "cannot be opened or created: ", "org.apache.iceberg.spark.Gone");
          assertRefused(spark, "lake.none.t", "has a namespace that does not exist");
          assertRefused(spark, "lake.db.less.snapshots", "has a namespace that does not exist");
          assertRefused(spark, "lake.db.less", "has no column length");
          assertRefused(spark, "lake.db.more", "has a column day, which results do not have");
          assertRefused(
              spark,
              "lake.db.other",
              "has a column length of type STRING, and results have BIGINT");
          assertRefused(spark, "lake.db.strict", "has a column path of type STRING NOT NULL");
          return true;
        });
    Call call = Tandem.infer().frames(frames).output(out).with("--save-as", "sea.db.t").run();
    assertThat(call.exitCode()).as(call.err()).isEqualTo(2);
    assertThat(call.err())
        .contains("the table sea.db.t is of the catalog sea, which Spark does not know")
        .contains("(option --save-as)")
        .doesNotContain("\tat ");
    assertThat(out).doesNotExist();
  }

  private static void assertRefused(SparkSession spark, String name, String... sentence) {
    CatalogTable table =
        new CatalogTable(spark, name, StructType.fromDDL("path STRING, length BIGINT"));
    assertThatThrownBy(table::prepare)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("the table " + name)
        .message()
        .contains(sentence)
        .hasLineCount(1);
  }

  private Call infer(Path to) {
    return Tandem.infer()
        .model(Paths.SMALL_MODEL)
        .frames(frames)
        .output(to)
        .with("--save-as", "lake.db.t")
        .set("output.commit-frames=4")
        .run();
  }

  private Path frame(int number) {
    return frames.resolve("%02d.jpg".formatted(number));
  }

  private static String runId(Path run) {
    return RunFolder.recorded(run.toString()).id();
  }

  private static StructType results() {
    PredictionTable table = PredictionTable.of(TaskTypes.named("classification"));
    StructType results = new StructType();
    for (String column : table.resultColumns(null)) {
      results = results.add(table.schema().apply(column));
    }
    return results;
  }

  private static List<Row> query(String sql) {
    return in(spark -> spark.sql(sql).collectAsList());
  }

  private static <T> T in(Function<SparkSession, T> work) {
    SparkSession spark = Rows.session();
    try {
      return work.apply(spark);
    } finally {
      spark.stop();
    }
  }
}
