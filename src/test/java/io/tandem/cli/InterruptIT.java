package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Await;
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
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A benchmark that a user interrupts, and resumes. */
@Tag("spark")
final class InterruptIT {
  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  @Test
  void interruptedBenchmark_isSummarised_andResumed() throws Exception {
    Program.Started benchmark =
        new Checkout(folder)
            .submit(
                List.of(),
                Tandem.benchmark()
                    .output("out/cut")
                    .shortTrials()
                    .set(
                        "frames.limit=16",
                        "benchmark.concurrency=[2]",
                        "benchmark.rounds=3",
                        "benchmark.min-seconds=0.5"))
            .start();
    Process process = benchmark.process();
    Await.until(process, () -> Files.exists(folder.resolve("out/cut/lanes/_SUCCESS")));
    benchmark.interrupt();
    Ended cut = benchmark.end();
    assertThat(cut.exitCode()).isEqualTo(130);
    assertThat(cut.err())
        .contains("stopping after the current trial")
        .contains("; ./submit.sh benchmark --resume ");
    assertThat(cut.out()).contains("serial baseline");
    assertThat(folder.resolve("out/cut/_staging")).doesNotExist();

    Ended resumed = run(Map.of(), "./submit.sh", "benchmark", "--resume", "out/cut");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(new RunReader(folder.resolve("out/cut")).csv("summary/speedup.csv"))
        .hasSizeBetween(2, 3)
        .allMatch(row -> Objects.equals(row.get("rounds"), "3"), "has three rounds");
  }

  /** The driver is killed twice: without a chance to say anything, and with one. */
  @Test
  void killedInference_isResumed_withTheRowsOfAnUndisturbedOne() throws Exception {
    Supplier<Tandem> infer =
        () ->
            Tandem.infer()
                .model(Paths.SUPERRESOLUTION.toAbsolutePath())
                .frames("data/small")
                .set("frames.limit=48", "infer.lanes=1");
    assertThat(infer.get().output(folder.resolve("whole")).run().exitCode()).isZero();
    Program.Started killed =
        new Checkout(folder)
            .submit(List.of(), infer.get().set("output.commit-frames=4").output("out/killed"))
            .start();
    Await.until(killed.process(), () -> files("out/killed") > 0);
    Ended second =
        run(Map.of(), Tandem.infer().output("out/killed").submitted("./submit.sh", List.of()));
    assertThat(second.exitCode()).as(second.err()).isEqualTo(2);
    assertThat(second.err()).contains("holds a run that has not ended, by process ");
    killed.process().descendants().forEach(ProcessHandle::destroyForcibly);
    killed.process().destroyForcibly();
    assertThat(killed.end().exitCode()).isEqualTo(137);
    int committed = committed("out/killed");
    int files = files("out/killed");
    assertThat(committed).isBetween(1, 47);

    Program.Started resumed =
        new Program(folder, "./submit.sh", "infer", "--resume", "out/killed").start();
    Await.until(resumed.process(), () -> files("out/killed") > files);
    resumed.terminate();
    Ended interrupted = resumed.end();
    assertThat(interrupted.exitCode()).isEqualTo(143);
    assertThat(interrupted.err())
        .contains("%d of 48 frames are committed".formatted(committed))
        .containsPattern(
            "Interrupted: [0-9]+ of 48 frames are committed in .*out/killed; ./submit.sh infer --resume ")
        .doesNotContain("Exception", "\tat ");
    assertThat(committed("out/killed")).isBetween(committed + 1, 47);

    Ended end = run(Map.of(), "./submit.sh", "infer", "--resume", "out/killed");
    assertThat(end.exitCode()).as(end.err()).isZero();
    String rows =
        "SELECT substring_index(path, '/', -1), image_sha256, error FROM rows ORDER BY path";
    assertThat(new RunReader(folder.resolve("out/killed")).predictions(rows))
        .hasSize(48)
        .isEqualTo(new RunReader(folder.resolve("whole")).predictions(rows));
  }

  /** Counts the rows that readers see. */
  private int committed(String run) {
    return new RunReader(folder.resolve(run)).predictions("SELECT 1 FROM rows").size();
  }

  private int files(String run) {
    String[] files =
        folder
            .resolve(run)
            .resolve("predictions")
            .toFile()
            .list((in, name) -> name.endsWith(".parquet"));
    return files == null ? 0 : files.length;
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    return new Program(folder, command).environment(environment).run();
  }
}
