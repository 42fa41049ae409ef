package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.CallersSession;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.conf.InputException;
import io.tandem.inference.FrameInference;
import io.tandem.telemetry.TelemetryPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A benchmark in the session of a program that is not Tandem's, with Spark's own options. */
@Tag("spark")
final class BenchmarkTest {
  @TempDir static Path folder;
  private static SparkSession spark = CallersSession.open();
  private static Path frames = Path.of("");

  @BeforeAll
  static void copyFrames() throws IOException {
    frames = Files.createDirectories(folder.resolve("frames [1] #2"));
    for (int i = 1; i <= 4; i++) {
      String name = "bigbuckbunny-%04d.jpg".formatted(i);
      Files.copy(Paths.FRAMES.resolve(name), frames.resolve(name));
    }
  }

  @AfterAll
  static void stop() {
    spark.stop();
  }

  private static Benchmark.Builder quick(String output) {
    return Benchmark.builder()
        .model(Paths.EFFICIENTNET.toString())
        .frames(frames.toString())
        .output(folder.resolve(output).toString())
        .set("model.export", "fp32")
        .set("benchmark.rounds", "1")
        .set("benchmark.min-seconds", "0")
        .set("benchmark.warmup-seconds", "0")
        .set("benchmark.warmup-batches", "1")
        .set("benchmark.ceiling-seconds", "0")
        .set("benchmark.concurrency", "[1, 2]");
  }

  @Test
  void session_isAsItWas_andTheResultIsThatOfTheFolder() throws IOException {
    spark.sql("SELECT 1 one").createOrReplaceTempView("lanes");
    Map<String, String> before = state();

    RunningBenchmark running = quick("run").build().start(spark);
    BenchmarkResult result = running.result();

    assertThat(state()).isEqualTo(before);
    assertThat(spark.sparkContext().isStopped()).isFalse();
    assertThat(spark.sql("SELECT one FROM lanes").count()).isEqualTo(1);
    assertThat(running.isDone()).isTrue();
    assertThat(running.lines(0))
        .anyMatch(line -> line.contains("spark.plugins=" + TelemetryPlugin.class.getName()))
        .anyMatch(line -> line.startsWith("0 of "))
        .last()
        .asString()
        .startsWith("written to " + result.folder());
    Path run = folder.resolve("run");
    assertThat(result.folder()).isEqualTo(run.toString());
    assertThat(result.tables().keySet())
        .containsExactly("speedup", "latency", "phases", "scaling", "disturbed", "errors");
    result
        .tables()
        .forEach(
            (name, csv) ->
                assertThat(run.resolve("summary/" + name + ".csv")).content().isEqualTo(csv));
    assertThat(result.text()).contains("serial baseline", "speedup");
    assertThat(result.verdict()).isNotEmpty();
    assertThat(result.lanes()).isBetween(1, 2);
    FrameInference.Builder inference = FrameInference.builder().model("net");
    result.recommended().forEach(inference::set);
    assertThat(inference.build()).isNotNull();
    assertThat(result.recommended()).containsKeys("infer.batch-size", "infer.intra-op-threads");
    assertThat(run.resolve("report.html")).isNotEmptyFile();
    assertThat(run.resolve("trace.json.gz")).isNotEmptyFile();
    assertThat(run.resolve("_SUCCESS")).exists();
    assertThat(new RunReader(run).concurrency()).containsValues(1, 2);
  }

  /** Everything of the session that a job could change. */
  private static Map<String, String> state() {
    Map<String, String> state = new TreeMap<>();
    spark.conf().getAll().foreach(setting -> state.put(setting._1(), setting._2()));
    state.put("views", Arrays.toString((Object[]) spark.sql("SHOW VIEWS").collect()));
    state.put("functions", Arrays.toString((Object[]) spark.sql("SHOW USER FUNCTIONS").collect()));
    spark.sparkContext().hadoopConfiguration().forEach(e -> state.put(e.getKey(), e.getValue()));
    return state;
  }

  @Test
  void cancelledBenchmark_endsAfterItsTrial_withASummaryOfWhatThereIs() {
    RunningBenchmark running =
        quick("cancelled").set("benchmark.rounds", "1000").build().start(spark);
    while (running.lines(60_000).stream().noneMatch(line -> line.matches("\\d+ of .* trials"))) {
      assertThat(running.isDone()).isFalse();
    }
    running.cancel();
    assertThat(folder.resolve("cancelled/_SUCCESS")).doesNotExist();
    assertThatThrownBy(running::result)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cancelled before its first baseline was measured");
    assertThat(running.lines(0)).anyMatch(line -> line.startsWith("stopping after the current"));
  }

  @Test
  void moreLanesThanSlots_areRefused_andNothingIsWritten() {
    assertThatThrownBy(() -> quick("slots").set("benchmark.concurrency", "[3]").build().run(spark))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("3 lanes need 3 task slots, but local[2] has 2");
    assertThat(folder.resolve("slots")).doesNotExist();
  }

  @Test
  void wrongSettings_areRefusedBeforeTheSessionIsUsed() {
    assertThatThrownBy(() -> quick("x").set("benchmark.round", "1").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("unknown key benchmark.round");
    assertThatThrownBy(() -> quick("x").set("calibration.enabled", "true").build())
        .isInstanceOf(InputException.class)
        .hasMessageContaining("./submit.sh benchmark --conf conf/calibration.conf");
    Benchmark many = quick("x").set("benchmark.concurrency", "[1000000]").build();
    assertThatThrownBy(() -> many.start(spark))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("benchmark.concurrency = 1000000 is far more than");
  }

  @Test
  void runFolderThatExists_andFramesThatAreMissing_areOneSentence() throws IOException {
    Files.createDirectories(folder.resolve("there"));
    assertThatThrownBy(() -> quick("there").build().run(spark))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("there exists; choose another");
    assertThatThrownBy(
            () -> quick("nothing").frames(folder.resolve("no such").toString()).build().run(spark))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such");
    assertThat(folder.resolve("nothing")).doesNotExist();
  }
}
