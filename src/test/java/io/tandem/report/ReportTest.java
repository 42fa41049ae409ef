package io.tandem.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.summary.Environment;
import io.tandem.summary.ForwardLatency;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Summaries;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialRound;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private static final String SERIAL = "cpu-1x1-b4-fp32-executor";
  private static final String TWO = "cpu-2x1-b4-fp32-executor";
  private static final String REBUILT = "cpu-2x1-b4-fp32-prediction";

  @Test
  void csv_hasTheColumnsOfTheDesign_andEmptyCellsForWhatIsNotKnown() {
    List<String> lines = SpeedupCsv.of(summary()).lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "trial,device,concurrency,intra_op_threads,batch_size,precision,model_scope,frames,"
                + "rounds,throughput_fps,throughput_common_fps,speedup,speedup_low,speedup_high,"
                + "speedup_vs_all_cores,efficiency,latency_p50_ms,latency_p90_ms,latency_p95_ms,"
                + "latency_p99_ms,latency_inflation,cpu_load,gpu_load,karp_flatt,ceiling_fps,"
                + "decode_ceiling_fps,ceiling_ratio,agreement,max_probability_diff,valid,reason");
    assertThat(lines.get(2))
        .isEqualTo(
            TWO
                + ",cpu,2,1,4,fp32,executor,157,1,157,157,1.57,,,1.57,0.785,"
                + "20.5,21,22,,1.05128,0.5,,,,,,,,,");
    assertThat(lines).hasSize(4);
  }

  @Test
  void json_hasTheSameNamesAndValues() throws Exception {
    JsonNode json = new ObjectMapper().readTree(SummaryJson.of(summary()));
    assertThat(json.at("/best").asText()).isEqualTo(TWO);
    assertThat(json.at("/failed_frames").asInt()).isEqualTo(3);
    assertThat(json.at("/environment/cores").asInt()).isEqualTo(4);
    assertThat(json.at("/trials/1/speedup").asDouble()).isEqualTo(1.57);
    assertThat(json.at("/trials/1/speedup_low").isNull()).isTrue();
  }

  @Test
  void environment_isReadBack() {
    Environment environment = summary().environment();
    assertThat(RunJson.read(RunJson.write(environment), Environment.class)).isEqualTo(environment);
  }

  @Test
  void console_showsTheRowsAndWhatTheyMean() {
    String text = ConsoleTable.of(summary());
    assertThat(text)
        .contains("net fp32, batch 4, 100 frames (10.0 MB), 4 cores, a CPU")
        .containsPattern("cpu +1 +1 +executor +100.0 +1.00 .*one by one")
        .containsPattern("cpu +2 +1 +executor +157.0 +1.57 .*fastest")
        .containsPattern("cpu +2 +1 +prediction +20.0 +0.20")
        .contains("2 lanes with 1 thread each, batch 4, fp32: 1.57 times as fast as one by one")
        .contains("Under 6 rounds: take these numbers as a first look")
        .contains("3 frames could not be read or decoded");
  }

  @Test
  void console_leavesOutColumnsInWhichTrialsDoNotDiffer() {
    assertThat(ConsoleTable.of(summary())).contains("model per").doesNotContain("precision");
  }

  @Test
  void console_prefersFewerLanes_whereMoreBringNothing() {
    Summary summary =
        Summaries.of(
            summary().environment(),
            List.of(round(SERIAL, 100), round(TWO, 104), round(REBUILT, 20)),
            List.of(),
            0);
    assertThat(ConsoleTable.of(summary))
        .containsPattern("executor +100.0 .*one by one, as fast as any")
        .contains("Nothing was faster than one by one.");
  }

  @Test
  void inferText_showsFirstLabelsAndNamesFailures() {
    InferSummary summary =
        new InferSummary(
            100,
            2,
            4_000_000,
            List.of(
                new InferSummary.Frame("file:/in/a.jpg", null, "is empty"),
                new InferSummary.Frame("file:/in/bc.jpg", "cup 0.90, pot 0.10", null)),
            List.of(new InferSummary.Frame("file:/in/a.jpg", null, "is empty")));
    assertThat(InferText.of(summary))
        .isEqualTo(
            """
              bc.jpg  cup 0.90, pot 0.10
              ...
            100 frames, 2 failed; 4.0 s from the first frame's start to the last one's end: 24.5 frames/s
              a.jpg  is empty
              ... the others have their error in predictions/ too
            """);
  }

  private static Summary summary() {
    Environment environment =
        new Environment(
            "0",
            "4",
            "3",
            "DJL",
            "17",
            "Linux",
            "a CPU",
            4,
            0,
            "local[8]",
            8,
            "file:/models/net",
            "abc",
            100,
            10_000_000,
            List.of(SERIAL, TWO, REBUILT),
            1);
    return Summaries.of(
        environment,
        List.of(round(SERIAL, 100), round(TWO, 157), round(REBUILT, 20)),
        List.of(
            new ForwardLatency(SERIAL, 25, 19_500, 20_000, 21_000, 22_000),
            new ForwardLatency(TWO, 40, 20_500, 21_000, 22_000, 23_000)),
        3);
  }

  private static TrialRound round(String trial, long frames) {
    return new TrialRound(trial, 1, 1, frames, 1_000_000, 1_000_000L, 2);
  }
}
