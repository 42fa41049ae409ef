package io.tandem.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tandem.summary.Agreement;
import io.tandem.summary.Conditions;
import io.tandem.summary.Details;
import io.tandem.summary.FrameError;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Latency;
import io.tandem.summary.Measured;
import io.tandem.summary.PhaseSummary;
import io.tandem.summary.Placement;
import io.tandem.summary.Rounds;
import io.tandem.summary.Summary;
import io.tandem.summary.Timeline;
import io.tandem.summary.TrialRound;
import io.tandem.text.RunJson;
import io.tandem.trial.Environment;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ReportTest {
  private static final String SERIAL = "cpu-1x1-b4-fp32-executor";
  private static final String TWO = "cpu-2x1-b4-fp32-executor";
  private static final String REBUILT = "cpu-2x1-b4-fp32-prediction";
  private static final Details NO_DETAILS =
      new Details(
          new Timeline("the whole run", List.of(), List.of(), List.of(), List.of()),
          List.of(),
          List.of());

  @Test
  void csv_hasTheColumnsOfTheDesign_andEmptyCellsForWhatIsNotKnown() {
    List<String> lines = SummaryCsv.speedup(summary()).lines().toList();
    assertThat(lines.get(0))
        .isEqualTo(
            "trial,device,concurrency,intra_op_threads,batch_size,export,engine,precision,model_scope,frames,"
                + "rounds,throughput_fps,throughput_common_fps,hours_per_million,"
                + "hours_per_million_low,hours_per_million_high,speedup,speedup_low,speedup_high,"
                + "speedup_all_rounds,speedup_vs_all_cores,efficiency,latency_p50_ms,latency_p90_ms,latency_p95_ms,"
                + "latency_p99_ms,latency_inflation,cpu_load,gpu_load,karp_flatt,ceiling_fps,"
                + "decode_ceiling_fps,ceiling_ratio,agreement,max_result_diff,disturbed_rounds,"
                + "valid,reason,"
                + "placement");
    assertThat(lines.get(2))
        .isEqualTo(
            TWO
                + ",cpu,2,1,4,fp32,pytorch,fp32,executor,157,1,157,157,1.76929,,,1.57,,,1.57,,0.785,"
                + "20.5,21,22,,1.05128,0.25,,0.273885,,,,1,0.001,,true,,driver/cpu × 1");
    assertThat(lines).hasSize(4);
  }

  @Test
  void json_hasTheSameNamesAndValues() throws Exception {
    JsonNode json = new ObjectMapper().readTree(SummaryJson.of(summary()));
    assertThat(json.at("/best").asText()).isEqualTo(TWO);
    assertThat(json.at("/failed_frames").asInt()).isEqualTo(3);
    assertThat(json.at("/environment/machine/cores").asInt()).isEqualTo(4);
    assertThat(json.at("/units/throughput_fps").asText()).isEqualTo("frames/s");
    assertThat(json.at("/trials/1/speedup").asDouble()).isEqualTo(1.57);
    assertThat(json.at("/trials/1/speedup_low").isNull()).isTrue();
  }

  @Test
  void otherFiles_haveARowForEachOfTheirThings() {
    Map<String, String> files = SummaryCsv.of(summary());
    assertThat(files.get("latency.csv")).contains(SERIAL + ",forward,25,19.6,19.5,20,21,,22.5\n");
    assertThat(files.get("phases.csv")).contains(TWO + ",decode,157,314,2,1.9,2.5,0.157\n");
    assertThat(files.get("scaling.csv"))
        .contains("cpu-Nx1-b4-fp32-executor,2,,,,,,,,,,not identifiable: needs 3 more levels");
    assertThat(files.get("errors.csv"))
        .isEqualTo(
            """
            path,frame_index,pts_us,error,rows
            "file:/in/a,b.jpg",7,,"the ""file"" is empty",3
            """);
  }

  @Test
  void roundsThatAreLeftOut_areNamedWithTheirReason() throws Exception {
    Conditions foreign =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0, Rounds.interference(0.4, 0.0), 0L);
    List<TrialRound> rounds = Rounds.rounds(SERIAL, 100, 100, 100, 100, 100, 100, 100, 100);
    rounds.addAll(Rounds.rounds(TWO, 180, 182, 179, 181, 180, 180, 180));
    rounds.add(Rounds.round(TWO, 8, 90, null, null, foreign));
    rounds.add(Rounds.round(TWO, 9, 90, null, null, foreign));
    rounds.add(Rounds.round(TWO, 10, 90, null, null, foreign));
    Summary summary = Rounds.summary(Rounds.measured(rounds), SERIAL, TWO);
    String why = "other programs used 40 % of the host's CPUs";
    assertThat(SummaryCsv.of(summary).get("disturbed.csv"))
        .isEqualTo("trial,round,why\n%1$s,8,%2$s\n%1$s,9,%2$s\n".formatted(TWO, why));
    JsonNode json = new ObjectMapper().readTree(SummaryJson.of(summary));
    assertThat(json.at("/disturbed/0/trial").asText()).isEqualTo(TWO);
    assertThat(json.at("/disturbed/0/why").asText()).isEqualTo(why);
    assertThat(ConsoleTable.of(summary))
        .contains("Disturbed, left out and repeated: " + TWO)
        .contains("1 more round was disturbed too, and counts: at most a quarter");
  }

  @Test
  void console_showsIntervals_andRanks() {
    List<TrialRound> rounds = new ArrayList<>();
    rounds.addAll(Rounds.rounds(SERIAL, 100, 100, 100, 100, 100, 100));
    rounds.addAll(Rounds.rounds(TWO, 180, 182, 179, 181, 180, 180));
    rounds.addAll(Rounds.rounds(REBUILT, 60, 90, 60, 80, 60, 90));
    String text = ConsoleTable.of(Rounds.summary(Rounds.measured(rounds), SERIAL, TWO, REBUILT));
    assertThat(text)
        .containsPattern("180.0 +1.80 +1.7\\d-1.8\\d .* 6 +fastest")
        .containsPattern("180.0 .*fastest, recommended\\n")
        .doesNotContain("different rounds")
        .containsPattern("70.0 .*slower by \\d\\d to \\d\\d %\\n")
        .containsPattern("100.0 .*serial baseline, slower by 44 to 4. %\\n");
  }

  @Test
  void console_saysThatTrialsHaveDifferentRounds_andHowCloseTheyMayBe() {
    List<TrialRound> rounds = new ArrayList<>();
    rounds.addAll(Rounds.rounds(SERIAL, 100, 100, 100, 100, 100, 100, 100, 100));
    rounds.addAll(Rounds.rounds(TWO, 180, 182, 179, 181, 180, 180, 180, 180));
    rounds.addAll(Rounds.rounds(REBUILT, 178, 180, 178, 179, 178, 179));
    assertThat(ConsoleTable.of(Rounds.summary(Rounds.measured(rounds), SERIAL, TWO, REBUILT)))
        .contains("Trials have different rounds: compare their speedups, not their frames/s.")
        .containsPattern("178.5 .*slower by up to \\d %\n");
  }

  @Test
  void console_saysWhereLanesWorked_andThatProcessorsDiffer() {
    TrialRound here = Rounds.round(TWO, 1, 157);
    TrialRound apart =
        new TrialRound(
            here.trial(),
            here.round(),
            here.work(),
            here.load(),
            here.ceilings(),
            here.conditions(),
            new Placement("0/gpu:3 × 1, 1/gpu:0 × 1", List.of("EPYC", "Xeon")));
    String text =
        ConsoleTable.of(
            Rounds.summary(
                Rounds.measured(List.of(Rounds.round(SERIAL, 1, 100), apart)), SERIAL, TWO));
    assertThat(text)
        .contains("lanes on")
        .contains("0/gpu:3 × 1, 1/gpu:0 × 1")
        .contains("Lanes ran on different processors (a CPU, EPYC, Xeon): a trial ends with its");
    assertThat(ConsoleTable.of(summary())).doesNotContain("lanes on", "different processors");
  }

  @Test
  void externalTrial_isInEveryTable_andIsNotRecommended() throws Exception {
    ExternalInfo theirs = new ExternalInfo("Their Way", "loads its model", "It is theirs.");
    Summary summary =
        Rounds.summary(
            Rounds.measured(
                List.of(
                    Rounds.round(SERIAL, 1, 100),
                    Rounds.round(TWO, 1, 157),
                    Rounds.round("djl-spark", 1, 200)),
                new Agreement("djl-spark", 0.9, 0.25, 83)),
            Trials.with(
                Trials.planned(SERIAL, TWO),
                Trials.named("cpu-2x1-b4-fp32-task").by("djl-spark", theirs)));
    assertThat(ConsoleTable.of(summary))
        .containsPattern("2 +1 +157.0 .*fastest")
        .containsPattern("2 +1 +200.0 +2.00 .* djl-spark: loads its model\\n")
        .containsPattern("0.900 +0.2500 +1.39 +true")
        .contains("djl-spark: It is theirs.")
        .doesNotContain("model scope");
    assertThat(SummaryCsv.speedup(summary))
        .contains(
            "djl-spark,cpu,2,1,4,fp32,pytorch,fp32,task,200,1,200,200,1.38889,,,2,,,2,,,,,,,,0.25,,,,,,0.9,0.25,,true");
    assertThat(SummaryMarkdown.of(summary)).contains("djl-spark: loads its model", "It is theirs.");
    assertThat(HtmlReport.of(summary, NO_DETAILS, List.of(), ""))
        .contains("\"trial\" : \"djl-spark\"", "\"trial\" : \"Their Way\"", "It is theirs.");
    JsonNode json = new ObjectMapper().readTree(SummaryJson.of(summary));
    assertThat(json.at("/trials/2/trial").asText()).isEqualTo("djl-spark");
    assertThat(json.at("/trials/2/efficiency").isNull()).isTrue();
    assertThat(json.at("/best").asText()).isEqualTo(TWO);
    assertThat(json.at("/frontier").toString()).doesNotContain("djl-spark");
    assertThat(RecommendedConf.of(summary)).contains("1.57 times").doesNotContain("djl", "task");
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
        .containsPattern("1 +1 +executor +100.0 +1.00 .*serial baseline")
        .containsPattern("2 +1 +executor +157.0 +1.57 .*fastest")
        .containsPattern("2 +1 +prediction +60.0 +0.60")
        .contains("medians over 1 round, too few for intervals (6 are needed): a first look")
        .contains("3 frames could not be read or decoded");
    assertThat(text.replace('\n', ' '))
        .contains(
            "Inconclusive: 1 of at least 6 rounds.  net fp32",
            "So far: run 2 predictions at a time: 1.57 times as fast as one at a time.");
  }

  @Test
  void console_leavesOutColumnsInWhichTrialsDoNotDiffer() {
    assertThat(ConsoleTable.of(summary()))
        .contains("model scope")
        .doesNotContain("precision", "export");
  }

  @Test
  void console_prefersFewerLanes_whereMoreBringNothing() {
    Summary summary =
        Rounds.summary(
            Rounds.measured(
                List.of(
                    Rounds.round(SERIAL, 1, 100),
                    Rounds.round(TWO, 1, 104),
                    Rounds.round(REBUILT, 1, 60))),
            SERIAL,
            TWO,
            REBUILT);
    assertThat(ConsoleTable.of(summary))
        .containsPattern("executor +100.0 .*serial baseline, recommended")
        .contains("run one prediction at a time: nothing that was measured is faster");
  }

  @Test
  void inferText_showsFirstLabelsAndNamesFailures() {
    InferSummary summary =
        new InferSummary(
            100,
            2,
            new InferSummary.Elapsed(4_000_000, 1),
            new InferSummary.Tasks(8, 2, 450_000, 1_900_000, "executor 1 on b"),
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
            8 tasks on 2 executors: median 0.5 s, longest 1.9 s (executor 1 on b)
              a.jpg  is empty
              ... predictions/ has the other errors
            """);
  }

  private static Summary summary() {
    return Rounds.summary(
        new Measured(
            List.of(
                Rounds.round(SERIAL, 1, 100),
                Rounds.round(TWO, 1, 157),
                Rounds.round(REBUILT, 1, 60)),
            List.of(
                new Latency(
                    SERIAL,
                    "forward",
                    25,
                    new Latency.Distribution(19_600, 19_500, 20_000, 21_000, 22_000, 22_500)),
                new Latency(
                    TWO,
                    "forward",
                    40,
                    new Latency.Distribution(20_600, 20_500, 21_000, 22_000, 23_000, 23_500))),
            List.of(
                new PhaseSummary(
                    TWO,
                    "decode",
                    157,
                    0.157,
                    new PhaseSummary.Times(314_000, 2_000, 1_900, 2_500))),
            List.of(new Agreement(TWO, 1.0, 0.001, 83)),
            List.of(new FrameError("file:/in/a,b.jpg", 7, null, "the \"file\" is empty", 3)),
            3),
        SERIAL,
        TWO,
        REBUILT);
  }
}
