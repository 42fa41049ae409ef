package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.spark.Session;
import io.tandem.summary.Agreement;
import io.tandem.summary.FrameError;
import io.tandem.summary.Interference;
import io.tandem.summary.Latency;
import io.tandem.summary.Measured;
import io.tandem.summary.PhaseSummary;
import io.tandem.summary.Rounds;
import io.tandem.summary.TrialRound;
import io.tandem.trial.Trial;
import io.tandem.trial.Trials;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The queries over recorded columns, on columns whose answers are known by hand. */
@Tag("spark")
final class RunQueriesTest {
  private static final String SERIAL = RecordedRun.SERIAL;
  private static final String TWO = RecordedRun.TWO;
  private static final String DJL = RecordedRun.DJL;
  private static final List<Trial> TRIALS =
      Trials.with(
          Trials.planned(SERIAL, TWO), Trials.named("cpu-1x1-b1-fp32-task").by(DJL, Trials.THEIRS));

  @TempDir static Path folder;
  private static Measured measured = Rounds.measured(List.of());

  @BeforeAll
  static void query() throws IOException {
    try (Session session = Session.open("test", null, 2, 1)) {
      write(session, "predictions", RecordedRun.PREDICTIONS, RecordedRun.predictions());
      write(session, "lanes", LaneRow.SCHEMA, RecordedRun.lanes());
      write(session, "ceilings", CeilingRow.SCHEMA, RecordedRun.ceilings());
      write(session, "telemetry", RunQueries.TELEMETRY, RecordedRun.telemetry());
      RunFolder run = RunFolder.existing(folder.toString(), session.hadoop());
      new RunRecord(Rounds.environment(), TRIALS).write(run);
      measured = RunQueries.of(session, run).benchmark().measured();
    }
  }

  @AfterAll
  static void forget() {
    measured = Rounds.measured(List.of());
  }

  private static void write(Session session, String name, StructType schema, List<Row> rows) {
    session.spark().createDataFrame(rows, schema).write().parquet(folder.resolve(name).toString());
  }

  @Test
  void gpuLoad_isThatOfTheLanesGpu_whileTheyWork() {
    assertThat(trial(TWO).load().gpu()).isEqualTo(0.7, within(1e-6));
    assertThat(trial(SERIAL).load().gpu()).isNull();
  }

  @Test
  void interference_isThatOfTheLaneThatWasAffectedMost() {
    Interference two = trial(TWO).conditions().interference();
    assertThat(two.throttled()).isEqualTo(0.3);
    assertThat(two.quotaCores()).isEqualTo(1.5);
    assertThat(two.clockJumpUs()).isEqualTo(70_000);
    // (1 x 3,000 + 0.5 x 2,400) / 1.5; one of two samples has a reason of heat.
    assertThat(two.clockMhz()).isEqualTo(2_800, within(1e-6));
    assertThat(two.gpuThrottled()).isEqualTo(0.5);
    assertThat(trial(SERIAL).conditions().interference().gpuThrottled()).isNull();
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
    assertThat(two.same()).isEqualTo(0.75);
    // Frame 1: the cat had 0.8, and has 1 - 0.6 now.
    assertThat(two.maxDifference()).isEqualTo(0.4, within(1e-6));
  }

  @Test
  void counts_showWhatIsMissingAndWhatCameTwice() {
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
    assertThat(two.conditions().interference().foreignLoad()).isEqualTo(0.25, within(1e-9));
    assertThat(two.conditions().interference().stolen()).isEqualTo(0.1, within(1e-9));
    assertThat(two.conditions().gcShare()).isEqualTo(0.02, within(1e-9));
    assertThat(two.conditions().startSkewUs()).isEqualTo(40_000);
    assertThat(two.work().commonUs()).isEqualTo(1_040_000);
  }

  @Test
  void externalTrial_hasRoundsAndAgreement_butNeitherPhasesNorLatencies() {
    // From the first task's start to the last one's end.
    assertThat(trial(DJL).work().elapsedUs()).isEqualTo(2_500_000);
    assertThat(trial(TWO).work().elapsedUs()).isEqualTo(1_000_000);
    assertThat(trial(DJL).work().frames()).isEqualTo(100);
    assertThat(trial(DJL).load().busyCores()).isEqualTo(1.5, within(1e-9));
    assertThat(measured.agreements())
        .filteredOn(agreement -> agreement.trial().equals(DJL))
        .singleElement()
        .satisfies(agreement -> assertThat(agreement.same()).isEqualTo(1 / 3.0, within(1e-9)));
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
