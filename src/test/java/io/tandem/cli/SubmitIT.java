package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.frame.FrameDecoder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code submit.sh} as a process, called by a link from another folder, as a user would who has it
 * on the path.
 */
final class SubmitIT {
  private static final Pattern COMMANDS = Pattern.compile("```bash\n(.*?)```", Pattern.DOTALL);

  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    for (String name : List.of("submit.sh", "data", "conf")) {
      Files.createSymbolicLink(folder.resolve(name), Path.of(name).toAbsolutePath());
    }
  }

  @Test
  void documentsCommands_work() throws Exception {
    List<Path> pages = new ArrayList<>(List.of(Path.of("README.md")));
    try (Stream<Path> files = Files.list(Path.of("src/site/markdown"))) {
      files.sorted().forEach(pages::add);
    }
    List<String> commands = new ArrayList<>();
    for (Path page : pages) {
      COMMANDS
          .matcher(Files.readString(page))
          .results()
          .flatMap(match -> match.group(1).lines())
          .filter(line -> !line.startsWith("./mvnw")) // This test is part of that one.
          .filter(line -> !line.equals("./submit.sh benchmark")) // .ci/run has it after the tests.
          .forEach(commands::add);
    }
    assertThat(commands).hasSizeGreaterThanOrEqualTo(4).allMatch(c -> c.startsWith("./submit.sh"));
    for (String command : commands) {
      Ended ended = run(Map.of(), "bash", "-c", command);
      assertThat(ended.exitCode()).as("%s%n%s", command, ended.err()).isZero();
      assertThat(ended.out()).as(command).isNotEmpty();
      assertThat(ended.err()).as(command).doesNotContain("WARN", "Exception", "Building Tandem");
    }
    try (Stream<Path> runs = Files.list(folder.resolve("out"))) {
      assertThat(runs.map(run -> run.getFileName().toString().replaceAll("-\\d.*", "")))
          .containsExactlyInAnyOrder("photos", "manifest", "scopes");
    }
  }

  @Test
  void classArchive_isMadeInTheBackground_andUsed_andLetBeWhereItDoesNotFit() throws Exception {
    Path cache = folder.resolve("cache");
    Map<String, String> on =
        Map.of("TANDEM_CLASS_ARCHIVE", "on", "XDG_CACHE_HOME", cache.toString());
    Ended wrong = run(on, "./submit.sh", "infer", "--framez", "x");
    assertThat(wrong.exitCode()).isEqualTo(2);
    await(() -> entries(cache).isEmpty());

    String[] call = {"./submit.sh", "infer", "--frames", "data/photos"};
    Ended first = run(on, call);
    assertThat(first.exitCode()).as(first.err()).isZero();
    await(() -> entries(cache).size() == 1 && entries(cache).get(0).endsWith(".jsa"));
    Path archive = cache.resolve("tandem").resolve(entries(cache).get(0));
    assertThat(archive).isNotEmptyFile();

    Ended second = run(on, call);
    assertThat(second.exitCode()).as(second.err()).isZero();
    assertThat(labels(second)).isEqualTo(labels(first)).hasSize(4);
    assertThat(second.err()).doesNotContainIgnoringCase("warning", "shared");

    assertThat(archive.toFile().setWritable(true)).isTrue();
    Files.writeString(archive, "no archive");
    Ended third = run(on, call);
    assertThat(third.exitCode()).as(third.err()).isZero();
    assertThat(labels(third)).isEqualTo(labels(first));
    assertThat(third.err()).doesNotContainIgnoringCase("warning", "shared", "archive");
  }

  private static List<String> labels(Ended ended) {
    return ended.out().lines().filter(line -> line.startsWith("  ")).toList();
  }

  private static List<String> entries(Path cache) throws IOException {
    Path folder = cache.resolve("tandem");
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private interface Condition {
    boolean holds() throws IOException;
  }

  private static void await(Condition condition) throws Exception {
    for (int i = 0; i < 1_800 && !condition.holds(); i++) {
      Thread.sleep(100);
    }
    assertThat(condition.holds()).isTrue();
  }

  @Test
  void severalExecutors_startTogetherAndCountTheirRows_andTellOfTheirHost() throws Exception {
    // A host with one GPU, as its nvidia-smi says.
    Path nvidiaSmi = folder.resolve("nvidia-smi");
    Files.writeString(
        nvidiaSmi,
        """
        #!/bin/sh
        while sleep 0.2; do echo '0, GPU-1, 42, 1024, 250.0, 1500, 50, 0x0000000000000000'; done
        """);
    assertThat(nvidiaSmi.toFile().setExecutable(true)).isTrue();
    Ended ended =
        run(
            Map.of(),
            "./submit.sh",
            "--master",
            "local-cluster[2,1,1536]",
            "benchmark",
            "--output",
            "out/cluster",
            "--set",
            "frames.limit=8",
            "--set",
            "benchmark.concurrency=[2, 4]",
            "--set",
            "benchmark.rounds=1",
            "--set",
            "benchmark.min-seconds=1",
            "--set",
            "telemetry.nvidia-smi=" + nvidiaSmi);
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.err()).contains("skipped cpu-4x1-b4-fp32-executor: needs 4 slots, has 2");
    assertThat(ended.err())
        .as("the executors say what they have")
        .contains(
            FrameDecoder.turboJpegFile().isPresent()
                ? "JPEG by libjpeg-turbo ("
                : "JPEG by FFmpeg ");
    assertThat(ended.out()).containsPattern("\n +2 +1 +\\d");
    List<String> rows = Files.readAllLines(folder.resolve("out/cluster/summary/speedup.csv"));
    assertThat(rows).hasSize(4);
    int common = List.of(rows.get(0).split(",")).indexOf("throughput_common_fps");
    assertThat(rows.subList(1, 4))
        .as("executors' clocks are known against the driver's")
        .allMatch(row -> Double.parseDouble(row.split(",", -1)[common]) > 0);
    String trace = unzipped(folder.resolve("out/cluster/trace.json.gz"));
    assertThat(trace).contains("executor 0", "executor 1", "\"GPU 0 %\"", "\"value\":42.0");
  }

  private static String unzipped(Path file) throws IOException {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void interruptedBenchmark_isSummarised_andResumed() throws Exception {
    Path err = folder.resolve("err.txt");
    Process process =
        new ProcessBuilder(
                "./submit.sh",
                "benchmark",
                "--output",
                "out/cut",
                "--set",
                "frames.limit=16",
                "--set",
                "benchmark.concurrency=[2]",
                "--set",
                "benchmark.rounds=4",
                "--set",
                "benchmark.min-seconds=1.5",
                "--set",
                "benchmark.ceiling-seconds=0")
            .directory(folder.toFile())
            .redirectOutput(folder.resolve("out.txt").toFile())
            .redirectError(err.toFile())
            .start();
    Path lanes = folder.resolve("out/cut/lanes/_SUCCESS");
    for (int i = 0; i < 1_200 && !Files.exists(lanes) && process.isAlive(); i++) {
      Thread.sleep(100);
    }
    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).isEqualTo(130);
    assertThat(Files.readString(err))
        .contains("stopping after the trial that runs")
        .contains("; ./submit.sh benchmark --resume ");
    assertThat(Files.readString(folder.resolve("out.txt"))).contains("one by one");
    assertThat(folder.resolve("out/cut/_staging")).doesNotExist();

    Ended resumed = run(Map.of(), "./submit.sh", "benchmark", "--resume", "out/cut");
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    List<String> rows = Files.readAllLines(folder.resolve("out/cut/summary/speedup.csv"));
    assertThat(rows.subList(1, rows.size()))
        .hasSizeBetween(2, 3)
        .allMatch(row -> row.split(",", -1)[8].equals("4"), "has four rounds");
  }

  @Test
  void tooFewSlots_areToldBeforeTheBarrierHangs() throws Exception {
    Ended ended =
        run(
            Map.of(),
            "./submit.sh",
            "--master",
            "local[2]",
            "benchmark",
            "--set",
            "benchmark.concurrency=[5]");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("5 lanes need 5 task slots, but local[2] has 2; ")
        .hasLineCount(1);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void wrongJava_isOneSentence() throws Exception {
    for (String version : List.of("1.8.0_402", "11.0.22", "25.0.1")) {
      Path home = Files.createDirectories(folder.resolve("jdk-" + version));
      Path java = Files.createDirectories(home.resolve("bin")).resolve("java");
      Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"" + version + "\"' >&2\n");
      Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
      Ended ended = run(Map.of("JAVA_HOME", home.toString()), "./submit.sh", "benchmark");
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err())
          .startsWith("Spark runs on Java 17 or 21; " + java + " is Java ")
          .hasLineCount(1);
    }
    Ended none = run(Map.of("JAVA_HOME", "/no/such/jdk"), "./submit.sh", "benchmark");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).startsWith("No Java found at JAVA_HOME=/no/such/jdk.").hasLineCount(1);
  }

  @Test
  void sparkOfAnotherLine_isRefused_orPassedOverOnThePath() throws Exception {
    Path home = folder.resolve("other-spark");
    Files.createDirectories(home.resolve("jars"));
    Files.createFile(home.resolve("jars/spark-core_2.12-3.4.4.jar"));
    Path submit = Files.createDirectories(home.resolve("bin")).resolve("spark-submit");
    Files.writeString(submit, "#!/bin/sh\nexit 7\n");
    Files.setPosixFilePermissions(submit, PosixFilePermissions.fromString("rwxr-xr-x"));

    Ended named = run(Map.of("SPARK_HOME", home.toString()), "./submit.sh", "--version");
    assertThat(named.exitCode()).isEqualTo(2);
    assertThat(named.err()).contains("spark-core_2.12-3.4.4").contains("Unset SPARK_HOME");

    String path = home.resolve("bin") + ":" + System.getenv("PATH");
    Ended found = run(Map.of("PATH", path), "./submit.sh", "--version");
    assertThat(found.exitCode()).isZero();
    assertThat(found.err()).contains("is passed over").hasLineCount(1);
    assertThat(found.out()).matches("Tandem \\d+\\.\\d+\\.\\d+.*\n");

    Ended none = run(Map.of("SPARK_HOME", "/no/spark"), "./submit.sh", "--version");
    assertThat(none.exitCode()).isEqualTo(2);
    assertThat(none.err()).startsWith("SPARK_HOME=/no/spark has no bin/spark-submit.");
  }

  @Test
  void wrongOptionsBeforeTheCommand_areOneSentence() throws Exception {
    for (String[] call :
        new String[][] {
          {"--conf", "my.conf", "infer"}, {"--mster", "local", "infer"}, {"--nonsense=3", "infer"}
        }) {
      Ended ended = run(Map.of(), "./submit.sh", call[0], call[1], call[call.length - 1]);
      assertThat(ended.exitCode()).isEqualTo(2);
      assertThat(ended.err()).contains("the command").hasLineCount(1);
    }
  }

  @Test
  void link_leadsToTandem() throws Exception {
    Path link = Files.createDirectories(folder.resolve("bin")).resolve("tandem");
    Files.createSymbolicLink(link, Path.of("../submit.sh"));
    Ended ended = run(Map.of(), link.toString(), "--version");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out()).startsWith("Tandem ");
  }

  @Test
  void help_tellsTheCommands() throws Exception {
    Ended ended = run(Map.of(), "./submit.sh", "--help");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("benchmark").contains("infer").contains("Exit codes");
    assertThat(ended.err()).isEmpty();
  }

  private Ended run(Map<String, String> environment, String... command) throws Exception {
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().remove("SPARK_HOME");
    builder.environment().putAll(environment);
    return Ended.of(builder, folder);
  }
}
