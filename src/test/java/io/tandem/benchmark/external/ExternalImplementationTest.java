package io.tandem.benchmark.external;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.Tandem;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.ModelScope;
import io.tandem.lane.DueFrame;
import io.tandem.lane.FrameResult;
import io.tandem.lane.Lane;
import io.tandem.lane.LaneSpec;
import io.tandem.postprocess.Labels;
import io.tandem.source.Frame;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Session;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * External implementations that a build offers as services, in a real benchmark: one works, two do
 * not.
 */
@Tag("spark")
final class ExternalImplementationTest {
  private static final int FRAMES = 12;

  @TempDir static Path folder;
  private static Call call = new Call(-1, "", "");
  private static Path run = Path.of("");

  /** Real frames and predictions, by a plain Spark job; it does not know the last of its frames. */
  public static class Plain implements ExternalImplementation {
    @Override
    public String id() {
      return "plain";
    }

    @Override
    public String title() {
      return "a plain job";
    }

    @Override
    public String remark() {
      return "opens its lane within that time";
    }

    @Override
    public String note() {
      return "It opens a lane in each task.";
    }

    @Override
    public @Nullable String refusal(Work work) {
      return null;
    }

    @Override
    public JavaRDD<Answer> predict(SparkSession spark, Work work) {
      JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
      Broadcast<SerializableConfiguration> hadoop =
          context.broadcast(
              new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()));
      LaneConfig config =
          new LaneConfig(
              DeviceChoice.of(work.device()),
              1,
              work.batchSize(),
              work.model().export(),
              ModelScope.TASK);
      LaneSpec spec =
          LaneSpec.of(
              Tandem.settings(), work.model(), config, work.parts().size(), HadoopConf.of(hadoop));
      return context.parallelize(work.parts(), work.parts().size()).flatMap(new Predict(spec));
    }
  }

  private record Predict(LaneSpec spec)
      implements FlatMapFunction<List<Frame>, ExternalImplementation.Answer> {
    @Override
    public Iterator<ExternalImplementation.Answer> call(List<Frame> frames) {
      Iterator<DueFrame> due =
          frames.stream()
              .filter(frame -> frame.index() < FRAMES - 1)
              .map(frame -> new DueFrame(frame, 0))
              .iterator();
      List<ExternalImplementation.Answer> answers = new ArrayList<>();
      try (Lane lane = spec.open(spec.pin())) {
        while (lane.hasNext(due)) {
          for (FrameResult result : lane.next(due)) {
            answers.add(
                new ExternalImplementation.Answer(
                    result.frame().path(),
                    ((Labels) Objects.requireNonNull(result.result())).best()));
          }
        }
      }
      return answers.iterator();
    }
  }

  /** Knows beforehand that it cannot. */
  public static final class Unable extends Plain {
    @Override
    public String id() {
      return "unable";
    }

    @Override
    public @Nullable String refusal(Work work) {
      return "it cannot do %s".formatted(work.model().input());
    }
  }

  /** Breaks down over more than a frame a task. */
  public static final class Fragile extends Plain {
    @Override
    public String id() {
      return "fragile";
    }

    @Override
    public JavaRDD<Answer> predict(SparkSession spark, Work work) {
      boolean much = work.parts().get(0).size() > 1;
      return super.predict(spark, work).map(answer -> broken(answer, much));
    }

    private static Answer broken(Answer answer, boolean much) {
      if (much) {
        throw new IllegalStateException("too much for me");
      }
      return answer;
    }
  }

  @BeforeAll
  static void benchmark() throws IOException {
    Path frames = Files.createDirectories(folder.resolve("frames"));
    for (int i = 1; i <= FRAMES; i++) {
      String name = "bigbuckbunny-%04d.jpg".formatted(i);
      Files.copy(Paths.FRAMES.resolve(name), frames.resolve(name));
    }
    Path services = Files.createDirectories(folder.resolve("services/META-INF/services"));
    Files.writeString(
        services.resolve(ExternalImplementation.class.getName()),
        Stream.of(Plain.class, Unable.class, Fragile.class)
            .map(Class::getName)
            .collect(Collectors.joining("\n", "io.tandem.OfAnEarlierBuild\n", "\n")));
    run = folder.resolve("run");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader offering =
        new URLClassLoader(new URL[] {folder.resolve("services").toUri().toURL()}, before)) {
      thread.setContextClassLoader(offering);
      call = benchmark(frames);
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  private static Call benchmark(Path frames) {
    return Tandem.benchmark()
        .frames(frames)
        .output(run)
        .shortTrials()
        .set("benchmark.concurrency=[1, 2]", "benchmark.rounds=2", "benchmark.min-seconds=0.3")
        .run();
  }

  @Test
  void externalTrial_isATrialOfEachRound() {
    List<Row> lanes =
        rows(
            "lanes",
            """
            SELECT round, COUNT(*), MIN(elapsed_us), SUM(frames), MIN(passes), COUNT(load_us)
            FROM rows WHERE trial = 'plain' GROUP BY round
            """);
    assertThat(lanes).as(call.err()).hasSize(2);
    for (Row lane : lanes) {
      assertThat(lane.getLong(1)).isEqualTo(Math.min(2, Session.localCores()));
      assertThat(lane.getLong(2)).isGreaterThanOrEqualTo(300_000);
      assertThat(lane.getLong(3)).isEqualTo((FRAMES - 1L) * lane.getInt(4));
      assertThat(lane.getLong(5)).isZero();
    }
  }

  @Test
  void answers_areBesideOurs_andAFrameWithoutOneIsAnError() {
    List<Row> rows =
        rows(
            "predictions",
            """
            SELECT COUNT(*), COUNT(DISTINCT path), COUNT(label), MAX(error), COUNT(forward_us)
            FROM rows WHERE trial = 'plain' AND pass = 0 GROUP BY round
            """);
    assertThat(rows).hasSize(2);
    for (Row row : rows) {
      assertThat(row.getLong(0)).isEqualTo(FRAMES);
      assertThat(row.getLong(1)).isEqualTo(FRAMES);
      assertThat(row.getLong(2)).isEqualTo(FRAMES - 1);
      assertThat(row.getString(3)).isEqualTo("plain returned no result");
      assertThat(row.getLong(4)).isZero();
    }
    assertThat(
            rows(
                "predictions",
                """
                SELECT path FROM rows WHERE label IS NOT NULL
                GROUP BY path HAVING COUNT(DISTINCT label) > 1
                """))
        .isEmpty();
  }

  @Test
  void tables_haveItsRow_andSayWhatItIs() throws IOException {
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .containsPattern("plain: opens its lane within that time")
        .contains("plain: It opens a lane in each task.");
    assertThat(Files.readString(run.resolve("summary/speedup.csv"))).contains("\nplain,cpu,");
    assertThat(Files.readString(run.resolve("report.html"))).contains("\"a plain job\"");
    assertThat(Files.readString(run.resolve("summary/latency.csv"))).doesNotContain("plain");
  }

  @Test
  void implementationThatCannot_isLeftOut_andNotTheBenchmark() {
    assertThat(call.err())
        .contains("left out an external implementation: ", "io.tandem.OfAnEarlierBuild not found")
        .contains("left out unable: it cannot do uint8-nhwc")
        .containsOnlyOnce("left out fragile from round 1 on: ")
        .contains("too much for me");
    assertThat(rows("lanes", "SELECT DISTINCT trial FROM rows WHERE trial LIKE 'cpu%'"))
        .isNotEmpty();
    assertThat(rows("lanes", "SELECT * FROM rows WHERE trial IN ('unable', 'fragile')")).isEmpty();
  }

  @Test
  void buildWithoutIt_summarizesAndComparesTheRun() throws IOException {
    Path csv = run.resolve("summary/speedup.csv");
    String before = Files.readString(csv);
    Files.delete(csv);
    Call again = Tandem.command("summarize").with(run).run();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(Files.readString(csv)).isEqualTo(before);
    Call compared = Tandem.command("compare").with(run, run).run();
    assertThat(compared.out()).containsPattern("plain +\\d.* 1\\.000");
  }

  private static List<Row> rows(String name, String sql) {
    return Rows.of(run.resolve(name).toString(), sql);
  }
}
