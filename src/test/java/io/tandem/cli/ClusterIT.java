package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Loopback;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A standalone Spark on loopback: a master and two workers as processes of their own, each with
 * four cores and two GPUs, which the shipped discovery script is told by an nvidia-smi that is
 * none. Executors have nothing but what submit.sh sends them.
 */
final class ClusterIT {
  private static final String NVIDIA_SMI =
      """
      #!/bin/sh
      case "$*" in
        *-lms*)
          while sleep 0.2; do
            echo '0, GPU-a, 10, 1024, 250.0, 1500, 50, 0x0000000000000000'
            echo '1, GPU-b, 20, 1024, 250.0, 1500, 50, 0x0000000000000000'
          done ;;
        *) printf '0\\n1\\n' ;;
      esac
      """;

  @TempDir static Path folder;
  private static final List<Process> PROCESSES = new ArrayList<>();
  private static String master = "";

  @BeforeAll
  static void startCluster() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.writeString(bin.resolve("nvidia-smi"), NVIDIA_SMI);
    assertThat(bin.resolve("nvidia-smi").toFile().setExecutable(true)).isTrue();
    for (String name : List.of("submit.sh", "data", "conf")) {
      Files.createSymbolicLink(folder.resolve(name), Path.of(name).toAbsolutePath());
    }
    int port = Loopback.freePort();
    master = "spark://127.0.0.1:" + port;
    PROCESSES.add(
        daemon(
            "master",
            List.of(),
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            Integer.toString(port),
            "--webui-port",
            "0"));
    Loopback.awaitPort(port);
    for (int i = 1; i <= 2; i++) {
      PROCESSES.add(
          daemon(
              "worker-" + i,
              List.of(
                  "-Dspark.worker.resource.gpu.amount=2",
                  "-Dspark.worker.resource.gpu.discoveryScript="
                      + Path.of("conf/gpu-discovery.sh").toAbsolutePath()),
              "org.apache.spark.deploy.worker.Worker",
              "--host",
              "127.0.0.1",
              "--cores",
              "4",
              "--memory",
              "3g",
              "--webui-port",
              "0",
              "--work-dir",
              folder.resolve("work-" + i).toString(),
              master));
    }
  }

  private static Process daemon(String name, List<String> options, String... main)
      throws IOException {
    Path spark = Path.of("target/spark").toAbsolutePath();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx512m");
    System.getProperty("tandem.spark.opens")
        .lines()
        .flatMap(line -> Stream.of(line.strip().split(" +", -1)))
        .forEach(command::add);
    command.addAll(options);
    command.addAll(List.of("-cp", spark + "/jars/*"));
    command.addAll(List.of(main));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    Map<String, String> environment = builder.environment();
    environment.put("SPARK_HOME", spark.toString());
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_SCALA_VERSION", System.getProperty("tandem.scala.binary.version"));
    environment.put("PATH", folder.resolve("bin") + ":" + environment.get("PATH"));
    return builder.start();
  }

  @AfterAll
  static void stopCluster() throws InterruptedException {
    for (Process process : PROCESSES) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.waitFor(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void benchmark_putsItsLanesOnBothWorkers_eachOnItsGpu() throws Exception {
    Ended ended =
        submit(
            "0.5",
            "benchmark",
            "--output",
            "out/benchmark",
            "--set",
            "benchmark.devices=[cpu]",
            "--set",
            "frames.limit=16",
            "--set",
            "benchmark.concurrency=[8, 9]",
            "--set",
            "benchmark.rounds=1",
            "--set",
            "benchmark.min-seconds=1",
            "--set",
            "benchmark.ceiling-seconds=0");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("skipped cpu-9x1-b4-fp32-executor: needs 9 slots, has 8");
    // Two tasks a GPU, two GPUs a worker.
    assertThat(ended.out())
        .containsPattern("0/cpu\\(0\\) × 2, 0/cpu\\(1\\) × 2, 1/cpu\\(0\\) × 2, 1/cpu\\(1\\) × 2");
    Map<String, String> eight = row(folder.resolve("out/benchmark/summary/speedup.csv"), "8");
    assertThat(eight).containsEntry("agreement", "1").containsEntry("rounds", "1");
    assertThat(Double.parseDouble(eight.get("throughput_common_fps"))).isPositive();
    String trace = unzipped(folder.resolve("out/benchmark/trace.json.gz"));
    assertThat(trace).contains("executor 0", "executor 1", "\"GPU 1 %\"", "\"value\":20.0");
    String report = Files.readString(folder.resolve("out/benchmark/report.html"));
    assertThat(report).contains("\"name\" : \"0\"").contains("\"name\" : \"1\"");
  }

  @Test
  void lanesOnTheCpu_needNoShareOfAGpu() throws Exception {
    Ended ended =
        submit(
            "1",
            "benchmark",
            "--output",
            "out/whole",
            "--set",
            "benchmark.devices=[cpu]",
            "--set",
            "frames.limit=16",
            "--set",
            "benchmark.concurrency=[4, 8]",
            "--set",
            "benchmark.rounds=1",
            "--set",
            "benchmark.min-seconds=0",
            "--set",
            "benchmark.ceiling-seconds=0");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    // Four whole GPUs for four lanes; eight lanes leave them alone.
    assertThat(ended.out())
        .contains("0/cpu(0) × 1, 0/cpu(1) × 1, 1/cpu(0) × 1, 1/cpu(1) × 1")
        .contains("0/cpu × 4, 1/cpu × 4");
  }

  @Test
  void infer_fillsEverySlot_andEveryFrameIsThereOnce() throws Exception {
    Ended ended =
        submit(
            "0.5",
            "infer",
            "--output",
            "out/infer",
            "--set",
            "infer.device=cpu",
            "--set",
            "infer.frames-per-task=4");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("100 frames, 0 failed")
        .containsPattern("25 tasks on 2 executors: half of them took at most .* the longest");
    assertThat(ended.err()).contains("8 lanes on");
  }

  @Test
  void infer_takesExecutorsThatComeWithTheWork() throws Exception {
    Ended ended =
        run(
            "./submit.sh",
            "--master",
            master,
            "--executor-memory",
            "1536m",
            "--conf",
            "spark.executor.cores=4",
            "--conf",
            "spark.dynamicAllocation.enabled=true",
            "--conf",
            "spark.dynamicAllocation.shuffleTracking.enabled=true",
            "--conf",
            "spark.driver.host=127.0.0.1",
            "infer",
            "--frames",
            "data/photos",
            "--output",
            "out/dynamic-infer");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).contains("4 frames, 0 failed").contains("coffee.png");
  }

  @Test
  void gpuThatLibtorchDoesNotSee_isRefusedBeforeAnyFrame() throws Exception {
    Ended ended = submit("0.5", "infer", "--output", "out/gpu", "--set", "infer.device=gpu");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("but libtorch sees no GPU here; a CUDA libtorch is needed");
    assertThat(folder.resolve("out/gpu")).doesNotExist();
  }

  @Test
  void sharesThatSparkCannotDivide_andExecutorsThatComeAndGo_areRefused() throws Exception {
    Ended ended = submit("1.5", "infer", "--output", "out/share");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .contains("spark.task.resource.gpu.amount = 1.5 cannot be divided: at most ");
    Ended dynamic =
        run(
            "./submit.sh",
            "--master",
            master,
            "--conf",
            "spark.dynamicAllocation.enabled=true",
            "--conf",
            "spark.dynamicAllocation.shuffleTracking.enabled=true",
            "--conf",
            "spark.driver.host=127.0.0.1",
            "benchmark",
            "--output",
            "out/dynamic");
    assertThat(dynamic.exitCode()).as(dynamic.err()).isEqualTo(2);
    assertThat(dynamic.err())
        .contains("spark.dynamicAllocation.enabled is true, but the lanes of a benchmark must");
    assertThat(folder.resolve("out/dynamic")).doesNotExist();
  }

  private static Ended submit(String gpusATask, String... command) throws Exception {
    List<String> call =
        new ArrayList<>(
            List.of(
                "./submit.sh",
                "--master",
                master,
                "--executor-memory",
                "1536m",
                "--conf",
                "spark.executor.cores=4",
                "--conf",
                "spark.executor.resource.gpu.amount=2",
                "--conf",
                "spark.task.resource.gpu.amount=" + gpusATask,
                "--conf",
                "spark.driver.host=127.0.0.1"));
    call.addAll(List.of(command));
    return run(call.toArray(String[]::new));
  }

  private static Ended run(String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("SPARK_HOME");
    return Ended.of(builder, folder);
  }

  /** The row with so many lanes. */
  private static Map<String, String> row(Path csv, String lanes) throws IOException {
    List<String> lines = Files.readAllLines(csv);
    List<String> names = List.of(lines.get(0).split(",", -1));
    for (String line : lines.subList(1, lines.size())) {
      // The one column with commas of its own is the last.
      List<String> cells = List.of(line.split(",", names.size()));
      if (cells.get(names.indexOf("concurrency")).equals(lanes)) {
        Map<String, String> row = new TreeMap<>();
        for (int i = 0; i < names.size(); i++) {
          row.put(names.get(i), cells.get(i));
        }
        return row;
      }
    }
    throw new AssertionError("no row with %s lanes in %s".formatted(lanes, lines));
  }

  private static String unzipped(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
