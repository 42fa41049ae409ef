package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.spark.Session;
import io.tandem.summary.Agreement;
import io.tandem.summary.FrameError;
import io.tandem.summary.Latency;
import io.tandem.summary.Measured;
import io.tandem.summary.PhaseSummary;
import io.tandem.summary.Rounds;
import io.tandem.summary.TrialRound;
import io.tandem.text.RunJson;
import io.tandem.trial.ContenderEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries over recorded columns, on columns whose answers are known by hand. */
final class RunQueriesTest {
  private static final String SERIAL = "cpu-1x1-b1-fp32-executor";
  private static final String TWO = "cpu-2x1-b1-fp32-executor";
  private static final String DJL = "djl-spark";
  private static final Map<String, ContenderEntry> CONTENDERS =
      Map.of(DJL, new ContenderEntry("cpu-1x1-b1-fp32-task", "DJL", "loads", "It loads."));

  @TempDir static Path folder;
  private static Measured measured = Rounds.measured(List.of());

  @BeforeAll
  static void query() throws IOException {
    try (Session session = Session.open("test", null, 2, 1)) {
      write(session, "predictions", PredictionRow.SCHEMA, predictions());
      write(session, "lanes", LaneRow.SCHEMA, lanes());
      write(session, "ceilings", CeilingRow.SCHEMA, ceilings());
      write(session, "telemetry", TimelineQueries.TELEMETRY, telemetry());
      Files.writeString(
          folder.resolve("environment.json"),
          RunJson.write(Rounds.environment(0, CONTENDERS, SERIAL, TWO, DJL)));
      RunFolder run = RunFolder.existing(folder.toString(), session.hadoop());
      measured = new RunQueries(session, run).benchmark().measured();
    }
  }

  @AfterAll
  static void forget() {
    measured = Rounds.measured(List.of());
  }

  private static void write(Session session, String name, StructType schema, List<Row> rows) {
    session.spark().createDataFrame(rows, schema).write().parquet(folder.resolve(name).toString());
  }

  private static Row row(StructType schema, Map<String, ?> values) {
    Object[] cells = new Object[schema.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = values.get(schema.fieldNames()[i]);
    }
    return RowFactory.create(cells);
  }

  /** The serial trial's forwards last 10, 20, 30 and 40 ms. */
  private static List<Row> predictions() {
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      rows.add(prediction(SERIAL, i, 0, "cat", i == 3 ? 0.41f : 0.8f, 10_000L * (i + 1), null));
    }
    // Frame 1 gets another label; so does frame 3, but its labels are a tie. Frame 0 comes twice.
    rows.add(prediction(TWO, 0, 0, "cat", 0.75f, 5_000, null));
    rows.add(prediction(TWO, 0, 0, "cat", 0.75f, 5_000, null));
    rows.add(prediction(TWO, 1, 0, "dog", 0.6f, 5_000, null));
    rows.add(prediction(TWO, 2, 0, "cat", 0.8f, 5_000, null));
    rows.add(prediction(TWO, 3, 0, "dog", 0.41f, 5_000, null));
    rows.add(prediction(TWO, 0, 1, "dog", 0.9f, 5_000, null));
    rows.add(prediction(TWO, 9, 0, null, null, 0, "truncated"));
    rows.add(contenders(PredictionRow.SCHEMA, prediction(DJL, 0, 0, "cat", 0.7f, 0, null)));
    rows.add(contenders(PredictionRow.SCHEMA, prediction(DJL, 1, 0, "dog", 0.6f, 0, null)));
    rows.add(contenders(PredictionRow.SCHEMA, prediction(DJL, 2, 0, null, null, 0, "no answer")));
    return rows;
  }

  /** The same row without what nobody knows of a contender. */
  private static Row contenders(StructType schema, Row row) {
    List<String> unknown =
        List.of("batch", "read_us", "decode_us", "wait_us", "forward_us", "output_us");
    List<String> more = List.of("output_at_us", "lane_wait_us", "load_us", "warmup_us");
    @Nullable Object[] cells = new Object[row.size()];
    for (int i = 0; i < cells.length; i++) {
      String name = schema.fieldNames()[i];
      cells[i] = unknown.contains(name) || more.contains(name) ? null : row.get(i);
    }
    return RowFactory.create(cells);
  }

  private static Row prediction(
      String trial,
      int frame,
      int pass,
      @Nullable String label,
      @Nullable Float probability,
      long forwardUs,
      @Nullable String error) {
    Map<String, Object> values = new java.util.HashMap<>();
    values.put("path", "file:/in/%d.jpg".formatted(frame));
    values.put("frame_index", 0);
    values.put("trial", trial);
    values.put("round", 1);
    values.put("pass", pass);
    values.put("lane", 0);
    values.put("batch", 10 * pass + frame);
    values.put("error", error);
    values.put("read_us", 100L);
    values.put("decode_us", 2_000L);
    values.put("wait_us", 10L);
    values.put("forward_us", forwardUs);
    values.put("output_at_us", 3_000 + forwardUs);
    values.put("output_us", 7L);
    values.put("top_k", new Row[0]);
    if (label != null && probability != null) {
      values.put("label", label);
      values.put("probability", probability);
      String other = label.equals("cat") ? "dog" : "cat";
      float second = probability > 0.5f ? 1 - probability : 0.40f;
      values.put(
          "top_k",
          new Row[] {RowFactory.create(label, probability), RowFactory.create(other, second)});
    }
    return row(PredictionRow.SCHEMA, values);
  }

  /** Two lanes in two executors of one host with four CPUs, of which others use one. */
  private static List<Row> lanes() {
    return List.of(
        lane(SERIAL, 0, "1", 1_000_000, 1_000, 900_000, 1_000_000),
        lane(TWO, 0, "1", 1_000_000, 1_000, 1_000_000, 3_000_000),
        lane(TWO, 1, "2", 1_000_000, 41_000, 1_000_000, 3_000_000),
        contenders(LaneRow.SCHEMA, lane(DJL, 0, "1", 2_000_000, 5_000_000, 1_500_000, 2_000_000)),
        contenders(LaneRow.SCHEMA, lane(DJL, 1, "2", 2_000_000, 5_500_000, 1_500_000, 2_000_000)));
  }

  private static Row lane(
      String trial, int lane, String executor, long us, long startedUs, long cpuUs, long hostUs) {
    Map<String, Object> values = new java.util.HashMap<>();
    values.put("trial", trial);
    values.put("round", 1);
    values.put("lane", lane);
    values.put("executor", executor);
    values.put("device", lane == 1 ? "gpu:1" : "cpu");
    values.put("host", "a");
    values.put("started_us", startedUs);
    values.put("elapsed_us", us);
    values.put("load_us", 3_000L);
    values.put("lane_wait_us", 5_000L);
    values.put("frames", 50L);
    values.put("gc_us", 20_000L * lane);
    values.put("process_cpu_us", cpuUs);
    values.put("host_busy_us", hostUs);
    values.put("host_steal_us", 400_000L);
    values.put("host_cpus", 4);
    values.put("clock_offset_us", 0L);
    return row(LaneRow.SCHEMA, values);
  }

  /** The host's second GPU is busy while its lane works, and idle afterwards. */
  private static List<Row> telemetry() {
    return List.of(
        sample("a", 500_000, 0.1f, 0.8f),
        sample("a", 700_000, 0.1f, 0.6f),
        sample("a", 2_000_000, 0.1f, 0f),
        sample("b", 700_000, 0.1f, 0.3f));
  }

  private static Row sample(String host, long atUs, float... utilization) {
    List<Row> gpus = new ArrayList<>();
    for (int i = 0; i < utilization.length; i++) {
      gpus.add(RowFactory.create(i, "GPU-" + i, utilization[i], null));
    }
    return row(
        TimelineQueries.TELEMETRY,
        Map.of("executor", "1", "host", host, "at_us", atUs, "gpus", gpus.toArray(Row[]::new)));
  }

  @Test
  void gpuLoad_isThatOfTheLanesGpu_whileTheyWork() {
    assertThat(trial(TWO).load().gpu()).isEqualTo(0.7, within(1e-6));
    assertThat(trial(SERIAL).load().gpu()).isNull();
  }

  private static List<Row> ceilings() {
    return List.of(
        ceiling(0, "forward", 1_000_000, 100),
        ceiling(1, "forward", 500_000, 60),
        ceiling(0, "decode", 500_000, 150),
        ceiling(1, "decode", 500_000, 160));
  }

  private static Row ceiling(int lane, String part, long us, long frames) {
    return row(
        CeilingRow.SCHEMA,
        Map.of(
            "trial",
            TWO,
            "round",
            1,
            "lane",
            lane,
            "part",
            part,
            "elapsed_us",
            us,
            "frames",
            frames));
  }

  @Test
  void percentiles_areOfType7() {
    Latency forward = latency(SERIAL, Latency.FORWARD);
    // (n - 1) p = 1.5, 2.7, 2.85, 2.97 of the way through 10, 20, 30, 40 ms.
    assertThat(forward.count()).isEqualTo(4);
    assertThat(forward.us().mean()).isEqualTo(25_000, within(1e-6));
    assertThat(forward.us().p50()).isEqualTo(25_000, within(1e-6));
    assertThat(forward.us().p90()).isEqualTo(37_000, within(1e-6));
    assertThat(forward.us().p95()).isEqualTo(38_500, within(1e-6));
    assertThat(forward.us().p99()).isEqualTo(39_700, within(1e-6));
    assertThat(forward.us().max()).isEqualTo(40_000);
    assertThat(latency(SERIAL, Latency.FRAME).us().p50()).isEqualTo(28_007, within(1e-6));
  }

  @Test
  void agreement_leavesTiesApart_andLooksAtPassZeroOnly() {
    Agreement two =
        measured.agreements().stream().filter(a -> a.trial().equals(TWO)).findFirst().orElseThrow();
    // Frame 0 (twice) and 2 agree, 1 does not, 3 is a tie.
    assertThat(two.sameLabel()).isEqualTo(0.75);
    // Frame 1: the cat had 0.8, and has 1 - 0.6 now.
    assertThat(two.maxDifference()).isEqualTo(0.4, within(1e-6));
  }

  @Test
  void counts_tellWhatIsMissingAndWhatCameTwice() {
    assertThat(trial(SERIAL).conditions().framesOnce()).isEqualTo(4);
    assertThat(trial(SERIAL).conditions().framesTwice()).isZero();
    assertThat(trial(TWO).conditions().framesOnce()).isEqualTo(5);
    assertThat(trial(TWO).conditions().framesTwice()).isEqualTo(1);
  }

  @Test
  void load_isSummedOverExecutors_andForeignLoadIsTheHostsRest() {
    TrialRound two = trial(TWO);
    assertThat(two.work().lanes()).isEqualTo(2);
    assertThat(two.work().frames()).isEqualTo(100);
    assertThat(two.load().busyCores()).isEqualTo(2, within(1e-9));
    assertThat(two.conditions().foreignLoad()).isEqualTo(0.25, within(1e-9));
    assertThat(two.conditions().stolen()).isEqualTo(0.1, within(1e-9));
    assertThat(two.conditions().gcShare()).isEqualTo(0.02, within(1e-9));
    assertThat(two.conditions().startSkewUs()).isEqualTo(40_000);
    assertThat(two.work().commonUs()).isEqualTo(1_040_000);
  }

  @Test
  void contender_hasRoundsAndAgreement_butNeitherPhasesNorLatencies() {
    // From the first task's start to the last one's end.
    assertThat(trial(DJL).work().elapsedUs()).isEqualTo(2_500_000);
    assertThat(trial(TWO).work().elapsedUs()).isEqualTo(1_000_000);
    assertThat(trial(DJL).work().frames()).isEqualTo(100);
    assertThat(trial(DJL).load().busyCores()).isEqualTo(1.5, within(1e-9));
    assertThat(measured.agreements())
        .filteredOn(agreement -> agreement.trial().equals(DJL))
        .singleElement()
        .satisfies(agreement -> assertThat(agreement.sameLabel()).isEqualTo(1 / 3.0, within(1e-9)));
    assertThat(measured.latencies()).noneMatch(latency -> latency.trial().equals(DJL));
    assertThat(measured.phases()).noneMatch(phase -> phase.trial().equals(DJL));
  }

  @Test
  void ceilings_areSumsOfTheLanesRates() {
    assertThat(trial(TWO).ceilings().forwardFps()).isEqualTo(220, within(1e-9));
    assertThat(trial(TWO).ceilings().decodeFps()).isEqualTo(620, within(1e-9));
    assertThat(trial(SERIAL).ceilings().forwardFps()).isNull();
  }

  @Test
  void phases_countForwardOnceABatch_andErrorsHaveTheirList() {
    PhaseSummary forward =
        measured.phases().stream()
            .filter(p -> p.trial().equals(SERIAL) && p.phase().equals("forward"))
            .findFirst()
            .orElseThrow();
    assertThat(forward.us().total()).isEqualTo(100_000);
    assertThat(forward.share()).isEqualTo(0.1, within(1e-9));
    assertThat(measured.failedFrames()).isEqualTo(2);
    assertThat(measured.errors())
        .extracting(FrameError::error)
        .containsExactly("no answer", "truncated");
  }

  private static Latency latency(String trial, String of) {
    return measured.latencies().stream()
        .filter(l -> l.trial().equals(trial) && l.step().equals(of))
        .findFirst()
        .orElseThrow();
  }

  private static TrialRound trial(String id) {
    return measured.rounds().stream().filter(r -> r.trial().equals(id)).findFirst().orElseThrow();
  }
}
