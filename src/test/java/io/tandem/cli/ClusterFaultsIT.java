package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.tandem.Await;
import io.tandem.Call;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.StandaloneCluster;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inferences on a standalone cluster, parts of which are killed in mid-run: afterwards every frame
 * has one row, with the prediction of an undisturbed run.
 */
@Tag("spark")
final class ClusterFaultsIT {
  private static final int FRAMES = 200;

  private static final String ROWS =
      "SELECT substring_index(path, '/', -1), label, probability, error FROM rows ORDER BY path";

  @TempDir static Path folder;
  private static StandaloneCluster cluster;
  private static List<Row> undisturbed = List.of();

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = StandaloneCluster.start(folder);
    frames("frames");
    Call call = infer("frames", "undisturbed").run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    undisturbed = rows("undisturbed");
    assertThat(undisturbed).hasSize(FRAMES);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  /** First an executor is killed, and after the next commit the driver. */
  @Test
  void killedRun_isResumedOnTheCluster() throws Exception {
    Program.Started run = startedRun(List.of(), "frames", "killed");
    int files = files("killed");
    assertThat(cluster.executors()).isNotEmpty().allMatch(ProcessHandle::destroyForcibly);
    Await.until(run.process(), () -> files("killed") > files);
    run.process().destroyForcibly();
    assertThat(run.end().exitCode()).isEqualTo(137);
    assertThat(rows("killed")).hasSizeBetween(1, FRAMES - 1);
    Ended resumed =
        cluster.run(List.of(), Tandem.command("infer").with("--resume", folder.resolve("killed")));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .containsPattern("killed: [0-9]+ of %d frames are committed".formatted(FRAMES));
    assertThat(rows("killed")).isEqualTo(undisturbed);
  }

  @Test
  @Tag("long")
  void clusterWithoutAnExecutorForTheJob_isASentence() throws Exception {
    List<String> none =
        List.of("--executor-memory", "20g", "--conf", "spark.tandem.executorWait=3s");
    Ended infer = cluster.run(none, infer("frames", "none"));
    assertThat(infer.exitCode()).as(infer.err()).isEqualTo(2);
    assertThat(infer.err()).contains("no executor has come within 3 s from spark://");
    assertThat(folder.resolve("none")).doesNotExist();
    Ended summarize =
        cluster.run(none, Tandem.command("summarize").with(folder.resolve("undisturbed")));
    assertThat(summarize.exitCode()).as(summarize.err()).isEqualTo(1);
    assertThat(summarize.err())
        .containsPattern(
            "^The job failed: no executor of spark://[0-9.:]+ has run a task for [34] s; is there a worker with enough free cores, memory and GPUs\\?")
        .hasLineCount(1);
  }

  @Test
  @Tag("long")
  void killedWorker_losesNoFrame() throws Exception {
    Program.Started run = startedRun(List.of(), "frames", "worker");
    cluster.killWorker();
    assertUndisturbed(run, "worker");
    cluster.startWorker(StandaloneCluster.HOST);
  }

  /**
   * An executor stops in mid-task, its tasks run again elsewhere, and then it goes on with them.
   */
  @Test
  @Tag("long")
  void speculatedTasks_haveOneRowAFrame() throws Exception {
    cluster.killWorker();
    cluster.startWorker("localhost");
    Program.Started run =
        startedRun(
            List.of(
                "--conf",
                "spark.speculation=true",
                "--conf",
                "spark.speculation.quantile=0.25",
                "--conf",
                "spark.speculation.multiplier=1.1"),
            "frames",
            "speculation");
    List<ProcessHandle> executors = cluster.executors();
    assertThat(executors).isNotEmpty();
    executors.forEach(executor -> signal("-STOP", executor));
    int files = files("speculation");
    Await.until(run.process(), () -> files("speculation") > files);
    executors.forEach(executor -> signal("-CONT", executor));
    assertUndisturbed(run, "speculation");
  }

  /** A frame is deleted after the listing, and another one is replaced by a shorter file. */
  @Test
  @Tag("long")
  void framesThatChangeAfterTheListing_areErrorsOfTheirRows() throws Exception {
    Path frames = frames("changing");
    long length = Files.size(frames.resolve(name(FRAMES - 2)));
    Program.Started run = startedRun(List.of(), "changing", "changed");
    Files.delete(frames.resolve(name(FRAMES - 1)));
    replace(frames.resolve(name(FRAMES - 2)), new byte[100]);
    Ended ended = run.end();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains(FRAMES + " frames, 2 failed");
    List<Row> rows = rows("changed");
    assertThat(rows.subList(0, FRAMES - 2)).isEqualTo(undisturbed.subList(0, FRAMES - 2));
    assertThat(rows.subList(FRAMES - 2, rows.size()))
        .extracting(row -> row.getString(0), row -> row.getString(3))
        .containsExactly(
            tuple(
                name(FRAMES - 2), "the file is shorter than its listed %d bytes".formatted(length)),
            tuple(name(FRAMES - 1), "there is no such file"));
  }

  /** The workers kill the executors of an application that their new master does not know. */
  @Test
  @Tag("long")
  void restartedMaster_endsTheRunWithASentence_andItIsResumed() throws Exception {
    Program.Started run =
        cluster
            .submit(
                List.of("--conf", "spark.tandem.executorWait=90s"),
                Tandem.infer()
                    .model(Paths.SUPERRESOLUTION.toAbsolutePath())
                    .frames(folder.resolve("frames"))
                    .output(folder.resolve("master"))
                    .set("frames.limit=64", "output.commit-frames=8", "infer.frames-per-task=1"))
            .start();
    Await.until(run.process(), () -> files("master") > 0);
    cluster.killMaster();
    cluster.restartMaster();
    Ended ended = run.end();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(ended.err())
        .containsPattern("no executor of spark://[0-9.:]+ has run a task for 60 s; is there ")
        .containsPattern(
            "[0-9]+ of 64 frames are committed in .*master; ./submit.sh infer --resume ")
        .containsPattern("\nThe job failed: no executor of spark://[0-9.:]+ has run a task for 9")
        .doesNotContain("\tat ");
    String rows = "SELECT path, image_sha256 FROM rows WHERE error IS NULL ORDER BY path";
    RunReader master = new RunReader(folder.resolve("master"));
    List<Row> committed = master.predictions(rows);
    assertThat(committed).hasSizeBetween(1, 63);
    Ended resumed =
        cluster.run(List.of(), Tandem.command("infer").with("--resume", folder.resolve("master")));
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.out()).contains(64 - committed.size() + " frames, 0 failed");
    assertThat(master.predictions(rows)).hasSize(64).containsAll(committed);
    assertThat(master.predictions("SELECT DISTINCT path FROM rows")).hasSize(64);
  }

  private static Tandem infer(String frames, String output) {
    return Tandem.infer()
        .frames(folder.resolve(frames))
        .output(folder.resolve(output))
        .set(
            "output.commit-frames=40",
            "infer.frames-per-task=10",
            "infer.batch-size=1",
            "frames.jpeg-library=ffmpeg",
            "infer.intra-op-threads=1");
  }

  /** Starts an inference, and waits for its first commit. */
  private static Program.Started startedRun(List<String> options, String frames, String output)
      throws Exception {
    Program.Started run = cluster.submit(options, infer(frames, output)).start();
    Await.until(run.process(), () -> files(output) > 0);
    return run;
  }

  private static void assertUndisturbed(Program.Started run, String output) throws Exception {
    assertThat(files(output)).as("files so far").isLessThan(FRAMES / 10);
    Ended ended = run.end();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains(FRAMES + " frames, 0 failed");
    assertThat(rows(output)).isEqualTo(undisturbed);
  }

  private static Path frames(String name) throws IOException {
    Path frames = Files.createDirectory(folder.resolve(name));
    for (int i = 0; i < FRAMES; i++) {
      Files.copy(Paths.small(i % 100 + 1), frames.resolve(name(i)));
    }
    return frames;
  }

  private static String name(int number) {
    return "%03d.jpg".formatted(number);
  }

  private static void replace(Path frame, byte[] content) throws IOException {
    Path other = Files.write(folder.resolve("other"), content);
    Files.move(other, frame, StandardCopyOption.ATOMIC_MOVE);
  }

  private static void signal(String name, ProcessHandle process) {
    try {
      new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static List<Row> rows(String run) {
    return new RunReader(folder.resolve(run)).predictions(ROWS);
  }

  private static int files(String run) {
    String[] files =
        folder.resolve(run + "/predictions").toFile().list((in, name) -> name.endsWith(".parquet"));
    return files == null ? 0 : files.length;
  }
}
