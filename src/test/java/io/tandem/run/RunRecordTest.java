package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.Device;
import io.tandem.spark.Session;
import io.tandem.summary.Rounds;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Trial;
import io.tandem.trial.Trial.Role;
import io.tandem.trial.Trials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a run recorded before it worked, by this version, a newer one and older ones. */
final class RunRecordTest {
  /** Left by a version without a format version in environment.json. */
  private static final Path FORMAT_1 = Path.of("src/test/resources/runs/format-1");

  private static final Path NOISY = Path.of("src/test/resources/runs/noisy");

  @TempDir Path folder;

  private RunFolder run() throws IOException {
    Files.createDirectories(folder.resolve("predictions"));
    return RunFolder.existing(folder.toString(), new Configuration());
  }

  @Test
  void record_isReadBack() throws IOException {
    List<Trial> trials =
        Trials.with(
            Trials.planned("gpu-1x1-b4-fp32-executor", "cpu-2x4-b8-bf16-prediction"),
            Trials.named("cpu-2x1-b4-fp32-task").by("theirs", Trials.THEIRS));
    RunRecord record = new RunRecord(Rounds.environment(), trials);
    record.write(run());
    assertThat(RunRecord.read(run())).isEqualTo(record);
    assertThat(Files.readString(folder.resolve("trials.jsonl")).lines())
        .hasSize(3)
        .element(1)
        .isEqualTo(
            "{\"trial\":\"cpu-2x4-b8-bf16-prediction\",\"device\":\"cpu\",\"concurrency\":2,"
                + "\"intra_op_threads\":4,\"batch_size\":8,\"export\":\"bf16\","
                + "\"engine\":\"pytorch\",\"precision\":\"bf16\",\"export_device\":null,\"export_agreement\":null,\"model_scope\":\"prediction\","
                + "\"role\":\"variant\",\"series\":\"cpu-Nx4-b8-bf16-prediction\","
                + "\"external\":null}");
  }

  @Test
  void recordOfAnInference_hasNoTrials() throws IOException {
    new RunRecord(Rounds.environment(), List.of()).write(run());
    assertThat(folder.resolve("trials.jsonl")).doesNotExist();
    assertThat(RunRecord.read(run()).trials()).isEmpty();
  }

  /** Its rows were "too noisy" once, and its best trial one with more lanes than cores. */
  @Test
  void noisyRun_ofAnEarlierFormat_isAnsweredPlainly() {
    try (Session session = Session.open("noisy", null, 1, 1)) {
      Summary summary =
          RunQueries.of(session, RunFolder.existing(NOISY.toString(), session.hadoop()))
              .benchmark();
      assertThat(summary.trials()).allMatch(TrialSummary::valid);
      assertThat(summary.verdict().answer())
          .containsExactly(
              "Run 2 predictions at a time: 1.84 (1.68 to 1.91) times as fast as one at a time.",
              "The 2 cores are full (cpu load 0.99); 3 at a time are slower, and each call takes 85.4 instead of 51.7 ms.");
      assertThat(summary.verdict().text()).doesNotContain("fewer lanes");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"task_type\" : \"classification\"|\"task_type\" : \"guess\"|unknown task type guess",
        "\"cpu\" : \"|\"processor\" : \"|cpu is missing",
        "{|[|",
      })
  void damagedRecord_isASentence(String text, String by, String why) throws IOException {
    new RunRecord(Rounds.environment(), List.of()).write(run());
    Files.delete(folder.resolve(".environment.json.crc"));
    Path file = folder.resolve("environment.json");
    String written = Files.readString(file);
    assertThat(written).contains(text);
    Files.writeString(file, written.replaceFirst(Pattern.quote(text), by));
    RunFolder run = run();
    assertThatThrownBy(() -> RunRecord.read(run))
        .isInstanceOf(RunFolderException.class)
        .hasMessageStartingWith(
            "the records of %s cannot be read: %s".formatted(folder, why == null ? "" : why));
  }

  @Test
  void newerFormat_isRefused() throws IOException {
    Files.writeString(folder.resolve("environment.json"), "{\"format_version\": 3, \"new\": 1}");
    RunFolder run = run();
    assertThatThrownBy(() -> RunRecord.read(run))
        .isInstanceOf(RunFolderException.class)
        .hasMessage(
            "%s has run format 3, and this version of Tandem reads up to 2; use the version that wrote it, or a newer one"
                .formatted(folder));
  }

  @Test
  void otherTrials_areADifference() {
    RunRecord one = new RunRecord(Rounds.environment(), Trials.planned("cpu-1x1-b4-fp32-executor"));
    RunRecord other =
        new RunRecord(Rounds.environment(), Trials.planned("cpu-2x1-b4-fp32-executor"));
    assertThat(one.changeTo(one)).isNull();
    assertThat(one.changeTo(other))
        .isEqualTo(
            "the list of trials was [cpu-1x1-b4-fp32-executor], and is [cpu-2x1-b4-fp32-executor]");
  }

  @Test
  void formatOne_isSummarized() {
    try (Session session = Session.open("test", null, 2, 1)) {
      RunQueries queries =
          RunQueries.of(session, RunFolder.existing(FORMAT_1.toString(), session.hadoop()));
      assertThat(queries.hasBaseline()).isTrue();
      Summary summary = queries.benchmark();
      assertThat(summary.environment().frames().count()).isEqualTo(12);
      assertThat(summary.environment().model().folder()).endsWith("/efficientnet-lite0");
      assertThat(summary.trials())
          .extracting(trial -> trial.trial().role())
          .containsExactly(Role.SERIAL_BASELINE, Role.ALL_CORE_BASELINE, Role.VARIANT, Role.REPEAT);
      assertThat(summary.trials())
          .allSatisfy(trial -> assertThat(trial.trust().agreement().same()).isEqualTo(1.0))
          .allSatisfy(trial -> assertThat(trial.throughput().rounds()).isEqualTo(2));
    }
  }

  @Test
  void formatOne_hasSettingsInItsIds() throws IOException {
    String json =
        Files.readString(FORMAT_1.resolve("environment.json"))
            .replace(
                "\"cpu-1x1-b4-fp32-executor-again\"",
                "\"gpu-12x3-b32-fp16-tuned-task\", \"cpu-1x1-b4-fp32-executor-again\", \"theirs\"")
            .replace(
                "\"contenders\" : { }",
                "\"contenders\": {\"theirs\": {\"setting\": \"cpu-1x2-b4-fp32-task\","
                    + " \"title\": \"T\", \"remark\": \"R\", \"note\": \"N\"}}");
    List<Trial> trials = LegacyRun.read(json).trials();
    assertThat(trials)
        .extracting(Trial::role)
        .containsExactly(
            Role.SERIAL_BASELINE,
            Role.ALL_CORE_BASELINE,
            Role.VARIANT,
            Role.VARIANT,
            Role.REPEAT,
            Role.EXTERNAL);
    Trial tuned = trials.get(3);
    assertThat(tuned.export()).isEqualTo(Trials.export("fp16-tuned"));
    assertThat(List.of(tuned.concurrency(), tuned.intraOpThreads(), tuned.batchSize()))
        .containsExactly(12, 3, 32);
    assertThat(tuned.device()).isEqualTo(Device.Kind.GPU);
    assertThat(trials.get(4).lane()).isEqualTo(trials.get(0).lane());
    Trial theirs = trials.get(5);
    assertThat(theirs.id()).isEqualTo("theirs");
    assertThat(theirs.intraOpThreads()).isEqualTo(2);
    assertThat(theirs.external()).isEqualTo(new ExternalInfo("T", "R", "N"));
  }

  @Test
  void formatOne_ofTheOldestRuns_isRead() throws IOException {
    String older =
        Files.readString(FORMAT_1.resolve("environment.json"))
            .replaceFirst("(?s)\"decode_threads\" : \\{.*?\\}", "\"decode_threads\" : 3")
            .replaceFirst("(?s)\"engine_options\" : \\{.*?\\},", "")
            .replaceFirst("(?s)\"contenders\" : \\{.*?\\},", "")
            .replaceFirst(",\\s+\"manifest\" : null,\\s+\"jpeg_decoder\" : \"[^\"]*\"", "");
    assertThat(older)
        .contains("\"decode_threads\" : 3")
        .doesNotContain("engine_options", "contenders", "manifest", "jpeg_decoder");
    RunRecord record = LegacyRun.read(older);
    assertThat(record.environment().decodeThreads(Device.Kind.CPU)).isEqualTo(3);
    assertThat(record.environment().decodeThreads(Device.Kind.GPU)).isEqualTo(3);
  }
}
