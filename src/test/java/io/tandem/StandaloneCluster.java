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

  /** The host of master and workers. */
  public static final String HOST = "127.0.0.1";

  private final Path folder;
  private final int port;
  private final String url;
  private final List<Process> workers = new ArrayList<>();
  private Process master;
  private int started;

  private StandaloneCluster(Path folder, int port) throws Exception {
    this.folder = folder;
    this.port = port;
    this.url = "spark://127.0.0.1:" + port;
    this.master = startMaster();
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
    StandaloneCluster cluster = new StandaloneCluster(folder, Loopback.freePort());
    cluster.startWorker(HOST);
    cluster.startWorker(HOST);
    return cluster;
  }

  private Process startMaster() throws IOException, InterruptedException {
    Process started =
        daemon(
            "master",
            List.of(),
            "org.apache.spark.deploy.master.Master",
            "--host",
            HOST,
            "--port",
            Integer.toString(port),
            "--webui-port",
            "0");
    Loopback.awaitPort(port);
    return started;
  }

  /** Kills the master. */
  public void killMaster() {
    kill(master);
  }

  /**
   * Starts a master in the place of a killed one, which knows nothing of workers or applications.
   */
  public void restartMaster() throws IOException, InterruptedException {
    master = startMaster();
  }

  /** Kills the worker that started last. */
  public void killWorker() {
    kill(workers.remove(workers.size() - 1));
  }

  /** Returns the executors of the worker that started last. */
  public List<ProcessHandle> executors() {
    return workers.get(workers.size() - 1).descendants().filter(StandaloneCluster::isJvm).toList();
  }

  private static boolean isJvm(ProcessHandle process) {
    return process.info().command().filter(command -> command.endsWith("/java")).isPresent();
  }

  private static void kill(Process process) {
    process.destroyForcibly().onExit().join();
  }

  /**
   * Starts one more worker.
   *
   * @param host this machine's name for it: Spark runs a task a second time on another host only
   */
  public void startWorker(String host) throws IOException {
    String name = "worker-" + ++started;
    String discovery = Path.of("conf/gpu-discovery.sh").toAbsolutePath().toString();
    workers.add(
        daemon(
            name,
            List.of(
                "-Dspark.worker.resource.gpu.amount=2",
                "-Dspark.worker.resource.gpu.discoveryScript=" + discovery),
            "org.apache.spark.deploy.worker.Worker",
            "--host",
            host,
            "--cores",
            "4",
            "--memory",
            "3g",
            "--webui-port",
            "0",
            "--work-dir",
            folder.resolve("work-" + name).toString(),
            url));
  }

  private Process daemon(String name, List<String> options, String... main) throws IOException {
    Path spark = Path.of("target/spark").toAbsolutePath();
    List<String> all = new ArrayList<>(List.of("-Xmx512m", "-XX:TieredStopAtLevel=1"));
    all.addAll(options);
    all.addAll(List.of("-cp", spark + "/jars/*"));
    return Program.java(folder, all, main)
        .environment(
            Map.of(
                "SPARK_HOME",
                spark.toString(),
                "SPARK_LOCAL_IP",
                HOST,
                "SPARK_SCALA_VERSION",
                System.getProperty("tandem.scala.binary.version"),
                "PATH",
                folder.resolve("bin") + ":" + System.getenv("PATH")))
        .start(folder.resolve(name + ".log"));
  }

  /** Runs a command on executors of four cores and 1.5 GiB, with more of spark-submit's options. */
  public Ended run(List<String> options, Tandem command) throws Exception {
    return submit(options, command).run();
  }

  /** Prepares such a command. */
  public Program submit(List<String> options, Tandem command) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "--master",
                url,
                "--executor-memory",
                "1536m",
                "--conf",
                "spark.executor.cores=4",
                "--conf",
                "spark.driver.host=127.0.0.1"));
    all.addAll(Checkout.QUICK);
    all.addAll(options);
    return new Checkout(folder).submit(all, command);
  }

  @Override
  public void close() {
    workers.add(master);
    for (Process process : workers) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      process.onExit().completeOnTimeout(process, 30, TimeUnit.SECONDS).join();
    }
  }
}
