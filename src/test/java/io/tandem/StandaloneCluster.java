package io.tandem;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A standalone Spark on loopback: a master and two workers as processes of their own, each with
 * four cores and two GPUs. The GPUs are those of a script in the place of nvidia-smi, which the
 * shipped discovery script asks. Executors have nothing but what submit.sh sends them.
 */
public final class StandaloneCluster implements AutoCloseable {
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

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final String master;

  private StandaloneCluster(Path folder, String master) {
    this.folder = folder;
    this.master = master;
  }

  /**
   * Starts a cluster.
   *
   * @param folder for its logs, its work, and links to the checkout
   */
  public static StandaloneCluster start(Path folder) throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Files.writeString(bin.resolve("nvidia-smi"), NVIDIA_SMI);
    assertThat(bin.resolve("nvidia-smi").toFile().setExecutable(true)).isTrue();
    Checkout.in(folder);
    int port = Loopback.freePort();
    StandaloneCluster cluster = new StandaloneCluster(folder, "spark://127.0.0.1:" + port);
    cluster.startMaster(port);
    Loopback.awaitPort(port);
    cluster.startWorker("worker-1");
    cluster.startWorker("worker-2");
    return cluster;
  }

  private void startMaster(int port) throws IOException {
    daemon(
        "master",
        List.of(),
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        Integer.toString(port),
        "--webui-port",
        "0");
  }

  private void startWorker(String name) throws IOException {
    String discovery = Path.of("conf/gpu-discovery.sh").toAbsolutePath().toString();
    daemon(
        name,
        List.of(
            "-Dspark.worker.resource.gpu.amount=2",
            "-Dspark.worker.resource.gpu.discoveryScript=" + discovery),
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
        folder.resolve("work-" + name).toString(),
        master);
  }

  private void daemon(String name, List<String> options, String... main) throws IOException {
    Path spark = Path.of("target/spark").toAbsolutePath();
    List<String> all = new ArrayList<>(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    all.addAll(options);
    all.addAll(List.of("-cp", spark + "/jars/*"));
    processes.add(
        Program.java(folder, all, main)
            .environment(
                Map.of(
                    "SPARK_HOME",
                    spark.toString(),
                    "SPARK_LOCAL_IP",
                    "127.0.0.1",
                    "SPARK_SCALA_VERSION",
                    System.getProperty("tandem.scala.binary.version"),
                    "PATH",
                    folder.resolve("bin") + ":" + System.getenv("PATH")))
            .start(folder.resolve(name + ".log")));
  }

  /** Runs a command on executors of four cores and 1.5 GiB, with more of spark-submit's options. */
  public Ended run(List<String> options, Tandem command) throws Exception {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--master",
                master,
                "--executor-memory",
                "1536m",
                "--conf",
                "spark.executor.cores=4",
                "--conf",
                "spark.driver.host=127.0.0.1"));
    all.addAll(Checkout.QUICK);
    all.addAll(options);
    return new Checkout(folder).submit(all, command).run();
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
    }
  }
}
