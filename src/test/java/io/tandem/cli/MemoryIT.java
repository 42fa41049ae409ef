package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.MemoryLimit;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.Tandem;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.commons.collections4.ListUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Heaps that are too small, of this JVM and of an executor. */
@Tag("spark")
final class MemoryIT {
  private static final Path ECHO =
      Path.of("src/test/resources/input-models/echo.pt").toAbsolutePath();
  private static final int MANY = 400_000_000;

  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  /** A row without an end, first in the file or after others. */
  @Test
  void rowOfAManifestThatTheHeapCannotHold_isASentence() throws Exception {
    for (String before : List.of("", "path\nrocket.jpg\n")) {
      try (BufferedWriter rows = Files.newBufferedWriter(folder.resolve("m.csv"))) {
        rows.write(before);
        String part = "x".repeat(1_000_000);
        for (int i = 0; i < MANY / part.length(); i++) {
          rows.write(part);
        }
      }
      Ended ended =
          new Program(
                  folder,
                  Tandem.infer()
                      .with("--manifest", "m.csv")
                      .output("out")
                      .submitted("./submit.sh", List.of()))
              .environment(Map.of("TANDEM_JAVA_OPTIONS", "-Xms480m -Xmn100m -Xmx480m"))
              .run();
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(2);
      assertThat(ended.err())
          .endsWith(
              "the manifest m.csv has a row that the Java heap cannot hold, or is a JSON array of that size; it must be text with a line for each frame (option --manifest)\n")
          .doesNotContain("\tat ");
      assertThat(folder.resolve("out")).doesNotExist();
    }
  }

  /** A batch of large results, which a lane puts on the heap. */
  @Test
  @Tag("long")
  void heapThatIsTooSmallForResults_isASentence_withTheSetting() throws Exception {
    Ended ended =
        new Program(folder, large().submitted("./submit.sh", List.of()))
            .environment(Map.of("TANDEM_JAVA_OPTIONS", "-Xms480m -Xmn100m -Xmx480m"))
            .run();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(ended.err())
        .endsWith(
            "The job failed: the Java heap is too small; raise it: --driver-memory 4g before the command\n");
  }

  @Test
  void heapThatSparkRefuses_isASentence_withTheSetting() throws Exception {
    Ended ended =
        new Program(folder, large().submitted("./submit.sh", List.of()))
            .environment(Map.of("TANDEM_JAVA_OPTIONS", "-Xms200m -Xmn60m -Xmx200m"))
            .run();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(ended.err())
        .endsWith(
            "The job failed: Spark needs a Java heap of at least 450 MB; raise it: --driver-memory 1g before the command\n");
  }

  @Test
  @Tag("long")
  void executorsWhoseHeapIsTooSmall_areASentence_withTheSetting() throws Exception {
    Ended ended =
        new Checkout(folder)
            .submit(
                ListUtils.union(
                    List.of(
                        "--master",
                        "local-cluster[1,1,512]",
                        "--conf",
                        "spark.executor.memory=512m"),
                    Checkout.QUICK),
                large())
            .run();
    assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
    assertThat(ended.err())
        .contains(
            "The job failed: the Java heap of the driver or an executor is too small; raise it: --executor-memory or --driver-memory before the command\n");
  }

  /** The kernel kills the executor, as that of a container does. */
  @Test
  @Tag("long")
  void executorBeyondTheMemoryOfItsContainer_isASentence_withTheSetting() throws Exception {
    Optional<MemoryLimit> limited = MemoryLimit.of(600L << 20);
    assumeThat(limited).as("this user may make control groups with a memory limit").isPresent();
    try (MemoryLimit limit = limited.orElseThrow()) {
      Program.Started started =
          new Checkout(folder)
              .submit(
                  ListUtils.union(
                      List.of(
                          "--master",
                          "local-cluster[1,1,1024]",
                          "--conf",
                          "spark.executor.memory=600m",
                          "--conf",
                          "spark.task.maxFailures=1"),
                      Checkout.QUICK),
                  large().set("infer.batch-size=16"))
              .start();
      while (!started.process().waitFor(50, TimeUnit.MILLISECONDS)) {
        started.process().descendants().filter(MemoryIT::isExecutor).forEach(limit::add);
      }
      Ended ended = started.end();
      assertThat(ended.exitCode()).as(ended.err()).isEqualTo(1);
      assertThat(ended.err())
          .contains(
              "The job failed: an executor was killed (exit code 137), as containers and systems do at their memory limit; raise spark.executor.memoryOverhead, ");
    }
  }

  private static boolean isExecutor(ProcessHandle process) {
    return process
        .info()
        .arguments()
        .filter(
            words ->
                List.of(words).contains("org.apache.spark.executor.CoarseGrainedExecutorBackend"))
        .isPresent();
  }

  /** Returns a call of a model that gives its input back: 800 MB of floats a batch. */
  private Tandem large() throws IOException {
    Path model = Files.createDirectories(folder.resolve("echo"));
    Files.copy(ECHO, model.resolve("echo.pt"));
    Files.writeString(
        model.resolve("serving.properties"),
        "task=tensor\noption.modelName=echo\nwidth=1024\nheight=1024\ninput=float-nchw\nscale=none\n");
    return Tandem.command("infer")
        .model(model)
        .frames(Paths.FRAMES.toAbsolutePath())
        .output("out")
        .set("infer.batch-size=64", "infer.lanes=1", "lane.decode-threads=0");
  }
}
