package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Ended;
import io.tandem.RunReader;
import io.tandem.StandaloneCluster;
import io.tandem.Tandem;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Commands on a standalone cluster of two workers, with and without their GPUs. */
@Tag("spark")
final class ClusterIT {
  @TempDir static Path folder;
  private static StandaloneCluster cluster;

  @BeforeAll
  static void startCluster() throws Exception {
    cluster = StandaloneCluster.start(folder);
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  @Test
  void benchmark_putsItsLanesOnBothWorkers_eachOnItsGpu_whereThereAreEnough() throws Exception {
    Ended ended =
        withGpus(
            "1",
            Tandem.benchmark()
                .output("out/benchmark")
                .shortTrials()
                .set(
                    "benchmark.devices=[cpu]",
                    "frames.limit=16",
                    "benchmark.concurrency=[4, 8, 9]",
                    "benchmark.rounds=1",
                    "benchmark.min-seconds=0.3"));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("skipped cpu-9x1-b4-fp32-executor: needs 9 slots, has 8");
    // Four whole GPUs for four lanes; eight lanes on CPUs need no share of a GPU.
    assertThat(ended.out())
        .contains("0/cpu(0) × 1, 0/cpu(1) × 1, 1/cpu(0) × 1, 1/cpu(1) × 1")
        .contains("0/cpu × 4, 1/cpu × 4");
    RunReader run = new RunReader(folder.resolve("out/benchmark"));
    Map<String, String> eight = run.csvRow("summary/speedup.csv", Map.of("concurrency", "8"));
    assertThat(eight).containsEntry("agreement", "1").containsEntry("rounds", "1");
    assertThat(Double.parseDouble(eight.get("throughput_common_fps"))).isPositive();
    assertThat(run.text("trace.json.gz"))
        .contains("executor 0", "executor 1", "\"GPU 1 %\"", "\"value\":20.0");
    assertThat(run.text("report.html")).contains("\"name\" : \"0\"").contains("\"name\" : \"1\"");
  }

  @Test
  void infer_fillsEverySlot_andEveryFrameIsThereOnce() throws Exception {
    Ended ended =
        withGpus(
            "0.5",
            Tandem.infer().output("out/infer").set("infer.device=cpu", "infer.frames-per-task=4"));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("100 frames, 0 failed")
        .containsPattern("25 tasks on 2 executors: median .* longest");
    assertThat(ended.err()).contains("8 lanes on");
    // Eight tasks on two GPUs a worker: two on each.
    assertThat(
            new RunReader(folder.resolve("out/infer"))
                .predictions(
                    """
                    SELECT DISTINCT executor, gpu_address FROM rows
                    ORDER BY executor, gpu_address
                    """))
        .extracting(Row::mkString)
        .containsExactly("00", "01", "10", "11");
  }

  @Test
  void infer_takesExecutorsThatComeWithTheWork() throws Exception {
    Ended ended =
        withDynamicAllocation(Tandem.infer().frames("data/photos").output("out/dynamic-infer"));
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("4 frames, 0 failed").contains("coffee.png");
  }

  @Test
  void gpuThatLibtorchDoesNotSee_isRefusedBeforeAnyFrame() throws Exception {
    Ended ended = withGpus("0.5", Tandem.infer().output("out/gpu").set("infer.device=gpu"));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .contains("but the engine sees no GPU here; it needs a CUDA build of its library");
    assertThat(folder.resolve("out/gpu")).doesNotExist();
  }

  @Test
  void sharesThatSparkCannotDivide_areRefused() throws Exception {
    Ended ended = withGpus("1.5", Tandem.infer().output("out/share"));
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .contains("spark.task.resource.gpu.amount = 1.5 cannot be divided: at most ");
  }

  @Test
  void benchmarkOnExecutorsThatComeAndGo_isRefused() throws Exception {
    Ended dynamic = withDynamicAllocation(Tandem.benchmark().output("out/dynamic"));
    assertThat(dynamic.exitCode()).as(dynamic.err()).isEqualTo(2);
    assertThat(dynamic.err())
        .contains("spark.dynamicAllocation.enabled is true, but the lanes of a benchmark must");
    assertThat(folder.resolve("out/dynamic")).doesNotExist();
  }

  private static Ended withGpus(String gpusATask, Tandem command) throws Exception {
    return cluster.run(
        List.of(
            "--conf",
            "spark.executor.resource.gpu.amount=2",
            "--conf",
            "spark.task.resource.gpu.amount=" + gpusATask),
        command);
  }

  private static Ended withDynamicAllocation(Tandem command) throws Exception {
    return cluster.run(
        List.of(
            "--conf",
            "spark.dynamicAllocation.enabled=true",
            "--conf",
            "spark.dynamicAllocation.shuffleTracking.enabled=true"),
        command);
  }
}
