package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    Path lanes = folder.resolve("out/cut/lanes/_SUCCESS");
    for (int i = 0; i < 1_200 && !Files.exists(lanes) && process.isAlive(); i++) {
      Thread.sleep(100);
    }
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

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    return new Program(folder, command).environment(environment).run();
  }
}
