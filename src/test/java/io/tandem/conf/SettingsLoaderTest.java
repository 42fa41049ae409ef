package io.tandem.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsLoaderTest {
  @TempDir Path folder;

  @Test
  void load_withNothingGiven_takesTheDefaults() {
    Settings settings = SettingsLoader.load(null, List.of());
    assertThat(settings.infer().batchSize().get()).isEqualTo(4);
    assertThat(settings.infer().modelScope()).isEqualTo(ModelScope.EXECUTOR);
    assertThat(settings.benchmark().rounds()).isEqualTo(6);
    assertThat(settings.frames().decoding().fit()).isEqualTo(Fit.MODEL);
    assertThat(settings.model().export()).isNull();
  }

  @Test
  void load_callOverFileOverDefaults() throws IOException {
    Path file = file("infer { batch-size = 16, intra-op-threads = 2 }\nbenchmark.rounds = 3\n");
    Settings settings = SettingsLoader.load(file, List.of("infer.batch-size=32"));
    assertThat(settings.infer().batchSize().get()).isEqualTo(32);
    assertThat(settings.infer().intraOpThreads().get()).isEqualTo(2);
    assertThat(settings.benchmark().rounds()).isEqualTo(3);
    assertThat(settings.output().topK()).isEqualTo(5);
  }

  @Test
  void load_keysWithAndWithoutTandem_mayBeMixed() throws IOException {
    Path file = file("infer.intra-op-threads = 2\ntandem.infer.batch-size = 8\n");
    Settings settings = SettingsLoader.load(file, List.of());
    assertThat(settings.infer().batchSize().get()).isEqualTo(8);
    assertThat(settings.infer().intraOpThreads().get()).isEqualTo(2);
  }

  @Test
  void load_laterPairWins() {
    Settings settings =
        SettingsLoader.load(null, List.of("frames.limit=1", "tandem.frames.limit=2"));
    assertThat(settings.frames().limit()).isEqualTo(2);
  }

  @Test
  void load_valueThatIsNoHocon_isTakenAsText() {
    Settings settings = SettingsLoader.load(null, List.of("frames.path=s3a://bucket/a b/*.jpg"));
    assertThat(settings.frames().path()).isEqualTo("s3a://bucket/a b/*.jpg");
  }

  @Test
  void unknownKeyInFile_isReportedWithFileAndLine() throws IOException {
    Path file = file("infer {\n  batch-size = 4\n  batchsize = 8\n}\n");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            file
                + ": 3: unknown key infer.batchsize; infer has batch-size, device,"
                + " frames-per-task, intra-op-threads, lanes, model-scope, search-share");
  }

  @Test
  void unknownKeyInCall_isReportedWithTheCall() {
    assertThatThrownBy(() -> SettingsLoader.load(null, List.of("infer.batchsize=8")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(
            "setting infer.batchsize=8: unknown key infer.batchsize; infer has");
  }

  @Test
  void wrongType_isReportedWithFileAndLine() throws IOException {
    Path file = file("\ntandem.benchmark.rounds = many\n");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ": 2: benchmark.rounds takes a number, not a string");
  }

  @Test
  void valueWhereKeysBelong_isReported() {
    assertThatThrownBy(() -> SettingsLoader.load(null, List.of("infer=8")))
        .isInstanceOf(SettingsException.class)
        .hasMessage("setting infer=8: infer takes keys of its own, not a value: 8");
  }

  @Test
  void wordsOfDecoding_areThoseThatThereAre() {
    assertThatThrownBy(() -> SettingsLoader.load(null, List.of("frames.scaled-decoding=sometimes")))
        .hasMessage(
            "setting frames.scaled-decoding=sometimes: frames.scaled-decoding is one of auto, off, not: sometimes");
    assertThatThrownBy(() -> SettingsLoader.load(null, List.of("frames.jpeg-library=pillow")))
        .hasMessageEndingWith("frames.jpeg-library is one of auto, ffmpeg, turbojpeg, not: pillow");
  }

  @Test
  void wrongName_isReportedWithTheNamesThatExist() throws IOException {
    Path file = file("frames.fit = squeeze");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .hasMessage(
            file + ": 1: frames.fit is one of model, crop, stretch, letterbox, none, not: squeeze");
  }

  @Test
  void keyOfAnEarlierVersion_namesTheNewOne() throws IOException {
    Path file = file("benchmark {\n  again = true\n}\n");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ": 2: benchmark.again is now benchmark.aa-repeat");
  }

  @Test
  void newKeys_areInTheReference() {
    Config reference = ConfigFactory.parseResources("reference.conf").getConfig("tandem");
    FormerKeys.all()
        .forEach(
            (old, now) -> {
              assertThat(reference.hasPathOrNull(old)).as(old).isFalse();
              assertThat(reference.hasPathOrNull(now)).as(now).isTrue();
            });
  }

  @Test
  void saved_settingsOfAnEarlierVersion_areRead() {
    Settings settings =
        SettingsLoader.saved("tandem { benchmark.again = true, infer.frames-per-task = 0 }");
    assertThat(settings.benchmark().aaRepeat()).isTrue();
    assertThat(settings.infer().framesPerTask()).isEqualTo(AutoInt.AUTO);
  }

  @Test
  void text_hasEveryKey_andReadsBackAsTheSameSettings() {
    Config reference = ConfigFactory.parseResources("reference.conf").resolve().getConfig("tandem");
    for (String pair :
        List.of(
            "frames.limit=3",
            "frames.scaled-decoding=off",
            "lane.decode-threads=2",
            "lane.read-ahead-bytes=1000",
            "lane.frame-timeout=1500 ms",
            "infer.batch-size=auto",
            "infer.frames-per-task=8",
            "benchmark.devices=[cpu, gpu]",
            "benchmark.valid.start-skew=1500 ns",
            "benchmark.min-seconds=0.5",
            "synthetic.sleep=20 ms",
            "calibration.scalability=[[0.05, 0.002]]",
            "model.mean=[0.5, 0.25, 1]",
            "telemetry.interval=1 s")) {
      Settings settings = SettingsLoader.load(null, List.of(pair));
      String text = SettingsText.of(settings);
      assertThat(SettingsLoader.saved(text)).as(pair).isEqualTo(settings);
      Config written = ConfigFactory.parseString(text).getConfig("tandem");
      for (Map.Entry<String, ConfigValue> entry : reference.entrySet()) {
        if (!entry.getKey().equals("home")) { // It is where Tandem is installed.
          assertThat(written.hasPathOrNull(entry.getKey())).as(entry.getKey()).isTrue();
        }
      }
    }
  }

  @Test
  void valueOutOfItsRange_isReportedWithTheValue() {
    assertThatThrownBy(() -> SettingsLoader.load(null, List.of("infer.batch-size=-3")))
        .isInstanceOf(SettingsException.class)
        .hasMessage("infer.batch-size must be at least 1: -3");
  }

  @Test
  void brokenFile_isReportedWithFileAndLine() throws IOException {
    Path file = file("infer {\n  batch-size = \n");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(file.toString() + ": ");
  }

  @Test
  void text_redactsSecretsAndLoadsAgain() throws IOException {
    Settings settings =
        SettingsLoader.load(null, List.of("frames.path=\"s3a://key:secret@bucket/frames\""));
    String text = SettingsText.of(settings);
    assertThat(text).contains("s3a://(redacted)@bucket/frames").doesNotContain("key:secret");
    Settings again = SettingsLoader.load(file(text), List.of());
    assertThat(again.benchmark()).isEqualTo(settings.benchmark());
    assertThat(again.infer()).isEqualTo(settings.infer());
  }

  private Path file(String text) throws IOException {
    return Files.writeString(folder.resolve("tandem.conf"), text);
  }
}
