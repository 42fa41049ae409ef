package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Await;
import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.run.RunFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.spark.SparkCatalog;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that write results to files and to a table, and are killed between their commits. */
@Tag("spark")
final class SaveAsIT {
  private static final String LAKE = "spark.sql.catalog.lake";
  private static final String COLUMNS = "SELECT path, length, model, label, error";

  @TempDir Path folder;

  @BeforeEach
  void fortyFrames() throws IOException {
    Checkout.in(folder);
    Files.createDirectories(folder.resolve("lake/db"));
    Files.createDirectory(folder.resolve("in"));
    for (int i = 1; i <= 40; i++) {
      Files.copy(Paths.small(i), folder.resolve("in/%02d.jpg".formatted(i)));
    }
  }

  @Test
  @Tag("long")
  void runThatIsKilledTwice_andResumed_hasTheResultsOfAnUndisturbedOne() throws Exception {
    kill(infer("killed").start(), "_chunks/csv", 2);
    kill(resume().start(), "results", marks("_chunks/csv") + 2);
    assertThat(folder.resolve("killed/_SUCCESS")).doesNotExist();
    Ended resumed = resume().run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    Ended whole = infer("whole").run();
    assertThat(whole.exitCode()).as(whole.err()).isZero();

    List<Row> expected =
        new RunReader(folder.resolve("killed")).predictions(COLUMNS + " FROM rows ORDER BY path");
    assertThat(expected)
        .hasSize(40)
        .isEqualTo(
            new RunReader(folder.resolve("whole"))
                .predictions(COLUMNS + " FROM rows ORDER BY path"));
    SparkSession spark = session();
    try {
      for (String run : List.of("killed", "whole")) {
        spark
            .read()
            .option("header", true)
            .option("escape", "\"")
            .csv(folder.resolve(run + "/results").toString())
            .createOrReplaceTempView("files");
        assertThat(
                spark
                    .sql(
                        "SELECT path, CAST(length AS BIGINT) length, model, label, error FROM files ORDER BY path")
                    .collectAsList())
            .isEqualTo(expected);
        String id = RunFolder.recorded(folder.resolve(run).toString()).id();
        assertThat(
                spark
                    .sql(
                        COLUMNS + " FROM lake.db.t WHERE run_id = '%s' ORDER BY path".formatted(id))
                    .collectAsList())
            .isEqualTo(expected);
        List<Row> snapshots =
            spark
                .sql(
                    "SELECT summary['tandem-chunk'] FROM lake.db.t.snapshots WHERE summary['tandem-run'] = '%s'"
                        .formatted(id))
                .collectAsList();
        assertThat(snapshots).as("a commit for each chunk").doesNotHaveDuplicates();
        assertThat(snapshots).hasSize(marks("../" + run + "/_chunks/files"));
      }
    } finally {
      spark.stop();
    }
  }

  private void kill(Program.Started started, String counted, int most) throws Exception {
    Await.until(started.process(), () -> marks(counted) >= most);
    started.process().descendants().forEach(ProcessHandle::destroyForcibly);
    started.process().destroyForcibly();
    assertThat(started.end().exitCode()).isEqualTo(137);
  }

  private int marks(String name) {
    String[] files =
        folder.resolve("killed/" + name).toFile().list((in, file) -> !file.startsWith("."));
    return files == null ? 0 : files.length;
  }

  private Program infer(String run) {
    return submit(
        Tandem.infer()
            .model(Paths.SMALL_MODEL.toAbsolutePath())
            .frames(folder.resolve("in"))
            .output(folder.resolve(run))
            .with("--format", "csv", "--save-as", "lake.db.t")
            .set("output.commit-frames=4"));
  }

  private Program resume() {
    return submit(Tandem.command("infer").with("--resume", folder.resolve("killed")));
  }

  private Program submit(Tandem call) {
    String jar =
        Path.of(SparkCatalog.class.getProtectionDomain().getCodeSource().getLocation().getPath())
            .toString();
    List<String> options = new ArrayList<>(Checkout.QUICK);
    options.addAll(List.of("--jars", jar));
    catalog().forEach(pair -> options.addAll(List.of("--conf", pair)));
    return new Checkout(folder).submit(options, call);
  }

  private List<String> catalog() {
    return List.of(
        LAKE + "=org.apache.iceberg.spark.SparkCatalog",
        LAKE + ".type=hadoop",
        LAKE + ".warehouse=" + folder.resolve("lake"));
  }

  private SparkSession session() {
    SparkSession.Builder builder =
        SparkSession.builder()
            .master("local[1]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.sql.shuffle.partitions", "1");
    for (String pair : catalog()) {
      String[] parts = pair.split("=", 2);
      builder = builder.config(parts[0], parts[1]);
    }
    return builder.getOrCreate();
  }
}
