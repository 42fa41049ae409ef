package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.Call;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each paragraph of notebooks/timings.zpln, in order, Scala by Scala's own script runner and SQL by
 * Spark; what they show must be what summary.json says.
 */
@Tag("spark")
final class ZeppelinNotebookTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String NAMES_RUN =
      "val run = sys.env.getOrElse(\"RUN_DIR\", \"out/benchmark\")";

  @TempDir static Path folder;
  private static Path run = Path.of("");
  private static String output = "";

  @BeforeAll
  static void runParagraphs() throws Exception {
    run = folder.resolve("run");
    Call call =
        Tandem.benchmark()
            .frames(Paths.VIDEOS.resolve("gop12.mp4"))
            .output(run)
            .shortTrials()
            // A clock is never exact: a quarter of the rounds counts as disturbed.
            .set(
                "frames.video.limit=4",
                "benchmark.concurrency=[1, 2]",
                "benchmark.rounds=8",
                "benchmark.interval-width=0",
                "benchmark.valid.clock-jump=0 ms")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("Disturbed, left out and repeated: ");
    List<String> script = new ArrayList<>();
    // What the interpreter brings along.
    script.add("val spark = org.apache.spark.sql.SparkSession.builder.getOrCreate()");
    Path interrupted = interruptedCopy();
    Path inference = Files.createDirectories(folder.resolve("inference"));
    Call infer = Tandem.infer().frames(Paths.PHOTOS).output(inference.resolve("run")).run();
    assertThat(infer.exitCode()).as(infer.err()).isZero();
    Files.delete(inference.resolve("run/_SUCCESS"));
    int number = 0;
    for (JsonNode paragraph :
        JSON.readTree(Path.of("notebooks/timings.zpln").toFile()).get("paragraphs")) {
      String text = paragraph.get("text").asText();
      if (text.startsWith("%spark.sql\n")) {
        script.add(
            "spark.sql(\"\"\"%s\"\"\").coalesce(1).write.json(\"%s\")"
                .formatted(text.substring("%spark.sql\n".length()), folder.resolve("p" + number)));
      } else if (text.startsWith("%spark\n")) {
        String scala = text.substring("%spark\n".length());
        script.add(scala);
        if (scala.startsWith(NAMES_RUN)) {
          script.add(onRun(interrupted, scala));
          script.add(onRun(inference.resolve("run"), scala));
        }
      } else {
        assertThat(text).startsWith("%md");
      }
      number++;
    }
    script.add("spark.stop()");
    output = shell(Files.write(folder.resolve("note.scala"), script));
  }

  private static String onRun(Path run, String scala) {
    return "println(scala.util.Try {%nval run = \"%s\"%n%s}.failed.map(_.getMessage))"
        .formatted(run, scala.substring(NAMES_RUN.length()));
  }

  private static Path interruptedCopy() throws IOException {
    Path copy = folder.resolve("interrupted");
    FileUtils.copyDirectory(run.toFile(), copy.toFile());
    Files.delete(copy.resolve("_SUCCESS"));
    return copy;
  }

  private static String shell(Path script) throws IOException, InterruptedException {
    List<String> options =
        List.of(
            "-XX:TieredStopAtLevel=1",
            "-Dspark.master=local[2]",
            "-Dspark.ui.enabled=false",
            "-Dspark.driver.host=127.0.0.1",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    List<String> runner =
        new ArrayList<>(List.of("scala.tools.nsc.MainGenericRunner", "-usejavacp"));
    if (scala.util.Properties.versionNumberString().startsWith("2.12")) {
      runner.add("-nc"); // Else it looks for an installed Scala, to compile faster the next time.
    }
    runner.add(script.toString());
    Ended ended =
        Program.java(folder, options, runner.toArray(String[]::new))
            .environment(Map.of("RUN_DIR", run.toString()))
            .run();
    String text = ended.out() + ended.err();
    assertThat(ended.exitCode()).as(text).isZero();
    return text;
  }

  @Test
  void interruptedRun_isNamed_withTheCommandThatResumesIt() {
    assertThat(output)
        .containsPattern(
            "Interrupted, or still running: [0-9]+ rounds of 3 trials so far, of 4 frames each; ./submit.sh benchmark --resume %s resumes it"
                .formatted(folder.resolve("interrupted")))
        .containsOnlyOnce("Interrupted, or still running")
        .contains(
            "inference/run is no benchmark, or has no round yet; interrupted, or still running: 4 of 4 frames; ./submit.sh infer --resume "
                + folder.resolve("inference/run"));
  }

  @Test
  void speedups_areThoseOfTheSummary() throws IOException {
    Map<String, JsonNode> trials = trials();
    List<JsonNode> rows = rows(2);
    assertThat(rows).hasSize(trials.size());
    for (JsonNode row : rows) {
      JsonNode trial = Objects.requireNonNull(trials.get(row.get("trial").asText()));
      assertThat(row.get("rounds").asInt()).isEqualTo(trial.get("rounds").asInt());
      assertSame(row, trial, "throughput_fps");
      assertSame(row, trial, "speedup");
    }
    for (JsonNode point : rows(3)) {
      assertThat(trials.values())
          .anyMatch(
              t ->
                  t.get("concurrency").asInt() == point.get("lanes").asInt()
                      && Math.abs(t.get("speedup").asDouble() - point.get("speedup").asDouble())
                          < 1e-9);
    }
  }

  @Test
  void latencies_areThoseOfTheSummary() throws IOException {
    Map<String, JsonNode> trials = trials();
    for (JsonNode row : rows(4)) {
      JsonNode trial = Objects.requireNonNull(trials.get(row.get("trial").asText()));
      assertSame(row, trial, "latency_p50_ms");
      assertSame(row, trial, "latency_p90_ms");
      assertSame(row, trial, "latency_p95_ms");
    }
  }

  @Test
  void phases_areThoseOfTheCsv() throws IOException {
    Map<String, Double> shares = new HashMap<>();
    for (Map<String, String> row : new RunReader(run).csv("summary/phases.csv")) {
      shares.put(
          row.get("trial") + " " + row.get("phase"), Double.valueOf(row.get("share_of_lanes")));
    }
    List<JsonNode> rows = rows(5);
    assertThat(rows).hasSizeGreaterThan(10);
    for (JsonNode row : rows) {
      String phase = row.get("trial").asText() + " " + row.get("phase").asText();
      double share = row.get("share").asDouble();
      assertThat(shares.get(phase)).as(phase).isCloseTo(share, within(1e-4 * share + 1e-6));
    }
  }

  @Test
  void slowestFrames_andTheComparison_areThere() throws IOException {
    List<JsonNode> slowest = rows(6);
    assertThat(slowest).hasSize(10);
    assertThat(slowest.get(0).get("own_ms").asDouble())
        .isGreaterThanOrEqualTo(slowest.get(9).get("own_ms").asDouble());
    assertThat(slowest)
        .allMatch(row -> List.of(0., 0.04, 0.08, 0.12).contains(row.get("seconds").asDouble(-1)));
    assertThat(rows(7)).hasSize(trials().size()).allMatch(r -> r.get("ratio").asDouble() == 1);
  }

  private static void assertSame(JsonNode row, JsonNode trial, String name) {
    double expected = trial.get(name).asDouble();
    assertThat(row.get(name).asDouble()).as(name).isCloseTo(expected, within(1e-9 * expected));
  }

  private static Map<String, JsonNode> trials() throws IOException {
    Map<String, JsonNode> trials = new HashMap<>();
    for (JsonNode trial : new RunReader(run).json("summary/summary.json").get("trials")) {
      trials.put(trial.get("trial").asText(), trial);
    }
    return trials;
  }

  /** What a paragraph showed. */
  private static List<JsonNode> rows(int paragraph) throws IOException {
    Path shown = folder.resolve("p" + paragraph);
    assertThat(shown).as(output).exists();
    List<JsonNode> rows = new ArrayList<>();
    try (Stream<Path> files = Files.list(shown)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        for (String line : Files.readAllLines(file)) {
          rows.add(JSON.readTree(line));
        }
      }
    }
    return rows;
  }
}
