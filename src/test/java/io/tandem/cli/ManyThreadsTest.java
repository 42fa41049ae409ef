package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.conf.SettingsException;
import io.tandem.conf.ThreadBounds;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Far more threads or lanes than cores are refused before the first of them starts. */
final class ManyThreadsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"'benchmark.concurrency=[1, 1000000]'", "'benchmark.intra-op-threads=[1, 1000000]'"})
  void benchmark_alsoWithoutRunning(String setting) {
    String key = setting.substring(0, setting.indexOf('='));
    for (boolean dry : new boolean[] {true, false}) {
      Tandem command = Tandem.benchmark().set(setting);
      Call call = refused(dry ? command.with("--dry-run") : command);
      assertThat(call.err()).startsWith(key + " = 1000000 is far more than the ");
    }
  }

  @ParameterizedTest
  @CsvSource({"--check, infer.intra-op-threads", "--estimate, infer.lanes"})
  void inference_alsoWithoutRunning(String option, String key) {
    Call call = refused(Tandem.infer().with(option).set(key + "=1000000"));
    assertThat(call.err()).startsWith(key + " = 1000000 is far more than the ");
  }

  @Test
  void search_isRefusedBeforeItStarts() {
    Call call =
        refused(Tandem.infer().set("infer.intra-op-threads=1000000", "infer.batch-size=auto"));
    assertThat(call.err()).startsWith("infer.intra-op-threads = 1000000 is far more than the ");
  }

  @Test
  void lanesWithThreads_areMultiplied() {
    int most = ThreadBounds.ofMachine(Runtime.getRuntime().availableProcessors()).threads();
    Call call =
        refused(Tandem.infer().set("infer.lanes=" + most, "infer.intra-op-threads=" + most));
    assertThat(call.err())
        .startsWith("infer.lanes x infer.intra-op-threads = %d is far".formatted(most * most))
        .contains("use at most " + most);
  }

  @Test
  void localMasterOfManySlots() {
    System.setProperty("spark.master", "local[1000000, 3]");
    try {
      assertThat(refused(Tandem.infer()).err())
          .startsWith("the number of slots of --master local[1000000, 3] = 1000000 is far more");
    } finally {
      System.clearProperty("spark.master");
    }
  }

  @Test
  void listsOfManyTrials() {
    String numbers = IntStream.rangeClosed(1, 102).boxed().toList().toString();
    Call call =
        refused(
            Tandem.benchmark()
                .set("benchmark.batch-sizes=" + numbers, "benchmark.concurrency=" + numbers)
                .with("--dry-run"));
    assertThat(call.err())
        .startsWith("the lists of a benchmark's settings have more than 10000 combinations; ");
  }

  @Test
  void largeBatchOfALaterTrial() {
    Call call =
        refused(Tandem.benchmark().set("benchmark.batch-sizes=[4, 100000]").with("--dry-run"));
    assertThat(call.err()).startsWith("a batch of 100000 frames of 150528 bytes has more than");
  }

  @Test
  void bounds_areSixteenTimesTheCores() {
    assertThat(ThreadBounds.ofMachine(1).threads()).isEqualTo(64);
    assertThat(ThreadBounds.ofMachine(96).threads()).isEqualTo(1_536);
    Assertions.assertThatThrownBy(() -> ThreadBounds.ofMachine(96).checkThreads(1_537))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "the number of intra-op threads = 1537 is far more than the 96 cores of this machine; use at most 1536");
  }

  private Call refused(Tandem command) {
    Path out = folder.resolve("out");
    ManagementFactory.getThreadMXBean().resetPeakThreadCount();
    int before = ManagementFactory.getThreadMXBean().getThreadCount();
    Call call = command.frames(Paths.PHOTOS).output(out).run();
    assertThat(ManagementFactory.getThreadMXBean().getPeakThreadCount()).isLessThan(before + 500);
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.out()).isEmpty();
    assertThat(call.err().lines()).hasSize(1);
    assertThat(out).doesNotExist();
    return call;
  }
}
