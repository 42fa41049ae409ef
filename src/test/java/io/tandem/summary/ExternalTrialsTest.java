package io.tandem.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.trial.Trial;
import io.tandem.trial.Trials;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A recorded djl-spark: shown beside the trials, and left out of all conclusions. */
final class ExternalTrialsTest {
  private static final String SERIAL = "cpu-1x1-b4-fp32-executor";
  private static final String FOUR = "cpu-4x1-b4-fp32-executor";
  private static final String DJL = "djl-spark";
  private static final List<Trial> TRIALS =
      Trials.with(
          Trials.planned(SERIAL, FOUR),
          Trials.named("cpu-4x1-b4-fp32-task").by(DJL, Trials.THEIRS));

  /** Six rounds: ours at 100 and 360 frames/s, and the implementation at this rate. */
  private static Summary summary(long implementation, Agreement... agreements) {
    List<TrialRound> rounds = new ArrayList<>();
    rounds.addAll(Rounds.rounds(SERIAL, 100, 100, 100, 100, 100, 100));
    rounds.addAll(Rounds.rounds(FOUR, 360, 360, 360, 360, 360, 360));
    for (int round = 1; round <= 6; round++) {
      rounds.add(Rounds.round(DJL, round, implementation + round % 2));
    }
    return Rounds.summary(Rounds.measured(rounds, agreements), TRIALS);
  }

  @Test
  void row_hasItsSpeed_andNothingThatOnlyLanesHave() {
    TrialSummary row = summary(120).external().get(0);
    assertThat(row.trial().id()).isEqualTo(DJL);
    assertThat(row.trial().concurrency()).isEqualTo(4);
    assertThat(row.speedup().median()).isEqualTo(1.205, within(1e-9));
    assertThat(row.speedup().interval()).isNotNull();
    assertThat(row.speedup().efficiency()).isNull();
    assertThat(row.speedup().karpFlatt()).isNull();
    assertThat(row.latency().p50()).isNull();
    assertThat(row.ceiling().forwardFps()).isNull();
  }

  @Test
  void otherAnswers_areShown_butAreNoFault() {
    TrialSummary row = summary(120, new Agreement(DJL, 0.8, 0.3, 83)).external().get(0);
    assertThat(row.trust().agreement().same()).isEqualTo(0.8);
    assertThat(row.valid()).as(row.reason()).isTrue();
  }

  @Test
  void tasksThatStartApart_areNoFault_forThatIsInItsTime() {
    Conditions apart =
        new Conditions(1_000_000, Rounds.FRAMES, 0, 0.0, Rounds.interference(0.01, 0.0), 500_000L);
    List<TrialRound> rounds =
        List.of(
            Rounds.round(SERIAL, 1, 100),
            Rounds.round(FOUR, 1, 360, null, null, apart),
            Rounds.round(DJL, 1, 120, null, null, apart));
    Summary summary = Rounds.summary(Rounds.measured(rounds), TRIALS);
    assertThat(summary.trials().get(1).reason()).startsWith("lanes started 500 ms apart");
    assertThat(summary.external().get(0).valid()).isTrue();
  }

  @Test
  void faster_itIsStillNeitherBestNorFastest_andTheVerdictSaysSo() {
    Summary summary = summary(720);
    assertThat(summary.rows()).extracting(r -> r.trial().id()).containsExactly(SERIAL, FOUR, DJL);
    assertThat(summary.fastest().trial().id()).isEqualTo(FOUR);
    assertThat(summary.best().trial().id()).isEqualTo(FOUR);
    assertThat(summary.trials()).noneMatch(row -> row.trial().isExternal());
    assertThat(summary.scaling()).hasSize(1);
    assertThat(summary.verdict().text())
        .contains("DJL's Spark extension is faster: speedup 7.21 against 3.60.");
  }

  @Test
  void verdict_saysHowTheBestCompares() {
    assertThat(summary(120).verdict().text())
        .contains("It is faster than DJL's Spark extension: speedup 3.60 against 1.21.");
  }

  @Test
  void verdict_isSilent_whereTheRowCannotBeTrusted() {
    assertThat(summary(1).external().get(0).reason()).startsWith("too little work");
    assertThat(summary(1).verdict().text()).doesNotContain("DJL");
  }

  @Test
  void verdict_isTheSame_butForItsSentence() {
    Summary with = summary(120);
    List<TrialRound> ours =
        with.measured().rounds().stream().filter(r -> !r.trial().equals(DJL)).toList();
    Verdict without = Rounds.summary(Rounds.measured(ours), SERIAL, FOUR).verdict();
    assertThat(with.verdict().limit()).isEqualTo(without.limit());
    assertThat(with.verdict().answer()).isEqualTo(without.answer());
    assertThat(with.verdict().reasons())
        .containsAll(without.reasons())
        .hasSize(without.reasons().size() + 1);
  }

  @Test
  void wideInterval_asksForMoreRounds_likeThoseOfTrials() {
    List<TrialRound> rounds = new ArrayList<>(summary(120).measured().rounds());
    rounds.removeIf(round -> round.trial().equals(DJL));
    rounds.addAll(Rounds.rounds(DJL, 90, 130, 110, 150, 100, 120));
    Summary summary = Rounds.summary(Rounds.measured(rounds), TRIALS);
    assertThat(summary.undecided()).extracting(row -> row.trial().id()).containsExactly(DJL);
  }

  @Test
  void comparison_hasItsRow() {
    Comparison comparison = Comparison.of(summary(120), summary(60));
    assertThat(comparison.rows())
        .filteredOn(row -> row.trial().equals(DJL))
        .singleElement()
        .satisfies(row -> assertThat(row.ratio()).isEqualTo(60.5 / 120.5, within(1e-9)));
  }
}
