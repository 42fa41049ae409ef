package io.tandem.run;

import io.tandem.postprocess.TaskTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The columns of a small run, made by hand: two settings, and a trial of another implementation.
 */
final class RecordedRun {
  static final String SERIAL = "cpu-1x1-b1-fp32-executor";
  static final String TWO = "cpu-2x1-b1-fp32-executor";
  static final String DJL = "djl-spark";
  static final StructType PREDICTIONS = PredictionTable.of(TaskTypes.named(null)).schema();

  private RecordedRun() {}

  private static Row row(StructType schema, Map<String, ?> values) {
    Object[] cells = new Object[schema.size()];
    for (int i = 0; i < cells.length; i++) {
      cells[i] = values.get(schema.fieldNames()[i]);
    }
    return RowFactory.create(cells);
  }

  /** The serial trial's forwards last 10, 20, 30 and 40 ms. */
  static List<Row> predictions() {
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
    rows.add(external(PREDICTIONS, prediction(DJL, 0, 0, "cat", 0.7f, 0, null)));
    rows.add(external(PREDICTIONS, prediction(DJL, 1, 0, "dog", 0.6f, 0, null)));
    rows.add(external(PREDICTIONS, prediction(DJL, 2, 0, null, null, 0, "no answer")));
    return rows;
  }

  /** The same row without what is unknown of another implementation. */
  private static Row external(StructType schema, Row row) {
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
    return row(PREDICTIONS, values);
  }

  /** Two lanes in two executors of one host with four CPUs, of which others use one. */
  static List<Row> lanes() {
    return List.of(
        lane(SERIAL, 0, "1", 1_000_000, 1_000, 900_000, 1_000_000),
        lane(TWO, 0, "1", 1_000_000, 1_000, 1_000_000, 3_000_000),
        lane(TWO, 1, "2", 1_000_000, 41_000, 1_000_000, 3_000_000),
        external(LaneRow.SCHEMA, lane(DJL, 0, "1", 2_000_000, 5_000_000, 1_500_000, 2_000_000)),
        external(LaneRow.SCHEMA, lane(DJL, 1, "2", 2_000_000, 5_500_000, 1_500_000, 2_000_000)));
  }

  static Row lane(
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
    values.put("quota_throttled", lane == 1 ? 0.3 : 0.1);
    values.put("quota_cores", lane == 1 ? 1.5 : 3.0);
    values.put("clock_jump_us", lane == 1 ? -70_000L : 2L);
    values.put("clock_offset_us", 0L);
    return row(LaneRow.SCHEMA, values);
  }

  /** The host's second GPU is busy while its lane works, and idle afterwards. */
  static List<Row> telemetry() {
    return List.of(
        sample("a", 500_000, 0.1f, 0.8f),
        sample("a", 700_000, 0.1f, 0.6f),
        sample("a", 2_000_000, 0.1f, 0f),
        sample("b", 700_000, 0.1f, 0.3f));
  }

  /** Of four cores the idle ones have a low frequency; a GPU at full load is hot, else idle. */
  private static Row sample(String host, long atUs, float... utilization) {
    List<Row> gpus = new ArrayList<>();
    for (int i = 0; i < utilization.length; i++) {
      String why = utilization[i] > 0.7f ? "0x0000000000000024" : "0x0000000000000001";
      gpus.add(RowFactory.create(i, "GPU-" + i, utilization[i], null, null, null, null, why));
    }
    return row(
        RunQueries.TELEMETRY,
        Map.of(
            "executor",
            "1",
            "host",
            host,
            "at_us",
            atUs,
            "core_load",
            new Float[] {1f, 0.5f, 0f, 0f},
            "core_mhz",
            new Float[] {3_000f, 2_400f, 800f, 800f},
            "gpus",
            gpus.toArray(Row[]::new)));
  }

  static List<Row> ceilings() {
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
}
