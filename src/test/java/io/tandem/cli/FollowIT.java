package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Await;
import io.tandem.Call;
import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that follows a folder, and is killed, started again, and stopped. */
@Tag("spark")
final class FollowIT {
  private static final String ROWS =
      "SELECT substring_index(path, '/', -1), image_sha256, error FROM rows ORDER BY path";

  @TempDir Path folder;
  private int arrived;

  @BeforeEach
  void folderWithFiles() throws IOException {
    Checkout.in(folder);
    Files.createDirectories(folder.resolve("in/camera"));
    arrive(16);
  }

  @Test
  void killedFollower_isContinuedByTheSameCall_withTheRowsOfAnUndisturbedRun() throws Exception {
    Program.Started killed = follow().start();
    Await.until(killed.process(), () -> files().length > 0);
    killed.process().descendants().forEach(ProcessHandle::destroyForcibly);
    killed.process().destroyForcibly();
    assertThat(killed.end().exitCode()).isEqualTo(137);
    assertThat(committed()).isBetween(1, 15);

    arrive(2);
    Program.Started again = follow().start();
    Await.until(again.process(), () -> committed() == 18);
    Call second = called().run();
    assertThat(second.exitCode()).as(second.err()).isEqualTo(2);
    assertThat(second.err()).contains("out/f is being written, by process ");
    arrive(2);
    Await.until(
        again.process(), () -> Files.readString(again.err()).contains("20 files, 20 frames"));
    again.interrupt();
    Ended stopped = again.end();
    assertThat(stopped.exitCode()).isEqualTo(130);
    assertThat(stopped.err())
        .contains("following " + folder.resolve("in"))
        .containsPattern(
            "Interrupted: 20 files, 20 frames so far in .*/out/f; ./submit.sh infer --resume .*/out/f continues\n")
        .doesNotContain("Exception", "\tat ");
    assertThat(Tandem.command("summarize").with(folder.resolve("out/f")).run().out())
        .contains("20 frames, 0 failed;")
        .contains("Stopped, or still following: 20 frames so far; ./submit.sh infer --resume ");

    arrive(4);
    Call rest =
        Tandem.command("infer").with("--resume", folder.resolve("out/f"), "--follow-once").run();
    assertThat(rest.exitCode()).as(rest.err()).isZero();
    assertThat(folder.resolve("out/f/_SUCCESS")).exists();
    Call whole = infer().frames(folder.resolve("in")).output(folder.resolve("out/whole")).run();
    assertThat(whole.exitCode()).as(whole.err()).isZero();
    assertThat(new RunReader(folder.resolve("out/f")).predictions(ROWS))
        .hasSize(24)
        .isEqualTo(new RunReader(folder.resolve("out/whole")).predictions(ROWS));
    try (var pictures = Files.list(folder.resolve("out/f/images"))) {
      assertThat(pictures.filter(file -> !file.getFileName().toString().endsWith(".crc")))
          .hasSize(24);
    }
  }

  /** {@code InterruptIT} does the same to jobs that have an end, at each build. */
  @Test
  @Tag("long")
  void terminatedFollower_isResumed_andFollowsOn() throws Exception {
    Program.Started first = follow().start();
    Await.until(first.process(), () -> committed() == 16);
    first.terminate();
    assertThat(first.end().exitCode()).isEqualTo(143);

    Program.Started resumed =
        new Program(folder, "./submit.sh", "infer", "--resume", "out/f").start();
    Await.until(
        resumed.process(), () -> Files.readString(resumed.err()).contains("following " + folder));
    arrive(4);
    Await.until(resumed.process(), () -> committed() == 20);
    resumed.terminate();
    Ended terminated = resumed.end();
    assertThat(terminated.exitCode()).isEqualTo(143);
    assertThat(terminated.err()).contains("Interrupted: ").doesNotContain("Exception", "\tat ");
  }

  private Program follow() {
    return new Checkout(folder).submit(List.of(), called());
  }

  private Tandem called() {
    return infer()
        .with("--follow", folder.resolve("in"), "--output", folder.resolve("out/f"))
        .set("follow.settle=100 ms", "follow.interval=100 ms", "output.commit-frames=4");
  }

  private static Tandem infer() {
    return Tandem.infer().model(Paths.DOUBLING.toAbsolutePath()).set("infer.lanes=1");
  }

  /** Adds files, of which some have names that Spark's own stream of files skips. */
  private void arrive(int files) throws IOException {
    for (int i = 0; i < files; i++) {
      arrived++;
      String prefix = List.of("", "_", ".", "camera/").get(arrived % 4);
      Files.copy(Paths.small(arrived), folder.resolve("in/%s%02d.jpg".formatted(prefix, arrived)));
    }
  }

  /** Counts the rows that readers see. */
  private int committed() throws IOException {
    long rows = 0;
    for (String file : files()) {
      var path = new org.apache.hadoop.fs.Path(folder.resolve("out/f/predictions/" + file).toUri());
      try (ParquetFileReader reader =
          ParquetFileReader.open(HadoopInputFile.fromPath(path, new Configuration()))) {
        rows += reader.getRecordCount();
      }
    }
    return Math.toIntExact(rows);
  }

  private String[] files() {
    String[] files =
        folder.resolve("out/f/predictions").toFile().list((in, name) -> name.endsWith(".parquet"));
    return files == null ? new String[0] : files;
  }
}
