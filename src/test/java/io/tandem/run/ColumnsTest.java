package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.postprocess.TaskType;
import io.tandem.postprocess.TaskTypes;
import io.tandem.spark.Session;
import io.tandem.summary.Rounds;
import io.tandem.summary.Timeline;
import io.tandem.trial.Environment;
import io.tandem.trial.Trials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The names of columns, and that a run's queries see that run's tables only. */
final class ColumnsTest {
  @TempDir Path folder;

  @Test
  void predictions_startWithTheFramesIdentity_andEndWithItsTimes() {
    StructType schema = PredictionTable.of(TaskTypes.named(null)).schema();
    assertThat(schema.fieldNames())
        .startsWith("path", "frame_number", "pts_us", "frame_index", "length", "modified_at")
        .containsSequence("model", "label", "probability", "top_k", "error", "trial")
        .endsWith("forward_at_us", "forward_us", "output_at_us", "output_us")
        .doesNotHaveDuplicates();
    assertThat(schema.apply("frame_number").dataType().simpleString()).isEqualTo("bigint");
    assertThat(schema.apply("pts_us").dataType().simpleString()).isEqualTo("bigint");
  }

  @ParameterizedTest
  @MethodSource("io.tandem.postprocess.TaskTypes#all")
  void functionsOfATaskType_nameItsColumns(TaskType taskType) throws IOException {
    try (Session session = Session.open("test", null, 2, 1)) {
      SparkSession spark = session.spark().newSession();
      RunFolder run = run(session, taskType.name(), "cpu-1x1-b4-fp32-executor");
      Environment e = Rounds.environment();
      new RunRecord(
              new Environment(
                  e.software(),
                  e.machine(),
                  new Environment.Model("file:/models/net", "abc", taskType.name(), null, Map.of()),
                  e.frames(),
                  e.rules()),
              Trials.planned("cpu-1x1-b4-fp32-executor"))
          .write(run);
      RunQueries.of(run, spark);
      ResultFunctions results = ResultFunctions.register(spark, taskType, 0.1, "file:/nowhere");
      for (String sql : List.of(RunSql.agreements(results), RunSql.frames(results, "true", 1))) {
        assertThat(spark.sql(sql, Map.of("baseline", "a")).columns()).isNotEmpty();
      }
      Timeline timeline = new TimelineQueries(spark, true, results).timeline();
      assertThat(timeline.slices()).isEmpty();
    }
  }

  @Test
  void everyQuery_namesColumnsThatTheTablesHave() throws IOException {
    try (Session session = Session.open("test", null, 2, 1)) {
      RunFolder run = run(session, "empty", "cpu-1x1-b4-fp32-executor");
      SparkSession spark = session.spark().newSession();
      RunQueries.of(run, spark);
      for (String sql :
          List.of(
              RunSql.ROUNDS,
              RunSql.LATENCIES,
              RunSql.PHASES,
              RunSql.FORWARD_TIMES,
              RunSql.LANE_SHARES,
              RunSql.ERRORS)) {
        assertThat(spark.sql(sql).columns()).isNotEmpty(); // Spark refuses a name it cannot find.
      }
      assertThatThrownBy(() -> spark.sql("SELECT forward FROM predictions"))
          .hasMessageContaining("forward");
    }
  }

  @Test
  void twoRuns_inOneSession_answerForThemselves() throws IOException {
    try (Session session = Session.open("test", null, 2, 1)) {
      RunFolder first = run(session, "first", "cpu-1x1-b4-fp32-executor");
      RunFolder second = run(session, "second", "cpu-2x1-b4-fp32-executor");
      lane(session, first, "cpu-1x1-b4-fp32-executor");
      lane(session, second, "cpu-2x1-b4-fp32-executor");
      RunQueries one = RunQueries.of(session, first);
      RunQueries two = RunQueries.of(session, second);
      assertThat(one.recorded().get(0).getString(0)).isEqualTo("cpu-1x1-b4-fp32-executor");
      assertThat(two.recorded().get(0).getString(0)).isEqualTo("cpu-2x1-b4-fp32-executor");
      assertThat(one.timeline().spans())
          .extracting(Timeline.Span::trial)
          .containsExactly("cpu-1x1-b4-fp32-executor");
      assertThat(two.hasBaseline()).isTrue();
      assertThat(one.hasBaseline()).isTrue();
      assertThat(session.spark().catalog().listTables().count()).isZero();
    }
  }

  private RunFolder run(Session session, String name, String trial) throws IOException {
    Path path = folder.resolve(name);
    Files.createDirectories(path.resolve("predictions"));
    Files.createDirectories(path.resolve("lanes"));
    RunFolder run = RunFolder.existing(path.toString(), session.hadoop());
    new RunRecord(Rounds.environment(), Trials.planned(trial)).write(run);
    return run;
  }

  private static void lane(Session session, RunFolder run, String trial) {
    session
        .spark()
        .createDataFrame(
            List.of(RecordedRun.lane(trial, 0, "driver", 1_000_000, 1_000, 1, 1)), LaneRow.SCHEMA)
        .write()
        .mode("append")
        .parquet(run.path("lanes"));
  }
}
