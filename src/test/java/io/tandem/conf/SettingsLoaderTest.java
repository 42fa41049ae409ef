package io.tandem.conf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsLoaderTest {
  @TempDir Path folder;

  @Test
  void load_withNothingGiven_takesTheDefaults() {
    Settings settings = SettingsLoader.load(null, List.of());
    assertThat(settings.infer().batchSize()).isEqualTo(4);
    assertThat(settings.infer().modelScope()).isEqualTo(ModelScope.EXECUTOR);
    assertThat(settings.benchmark().rounds()).isEqualTo(6);
    assertThat(settings.frames().fit()).isEqualTo(Fit.CROP);
    assertThat(settings.model().precision()).isNull();
  }

  @Test
  void load_callOverFileOverDefaults() throws IOException {
    Path file = file("infer { batch-size = 16, intra-op-threads = 2 }\nbenchmark.rounds = 3\n");
    Settings settings = SettingsLoader.load(file, List.of("infer.batch-size=32"));
    assertThat(settings.infer().batchSize()).isEqualTo(32);
    assertThat(settings.infer().intraOpThreads()).isEqualTo(2);
    assertThat(settings.benchmark().rounds()).isEqualTo(3);
    assertThat(settings.output().topK()).isEqualTo(5);
  }

  @Test
  void load_keysWithAndWithoutTandem_mayStandTogether() throws IOException {
    Path file = file("infer.intra-op-threads = 2\ntandem.infer.batch-size = 8\n");
    Settings settings = SettingsLoader.load(file, List.of());
    assertThat(settings.infer().batchSize()).isEqualTo(8);
    assertThat(settings.infer().intraOpThreads()).isEqualTo(2);
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
  void unknownKeyInFile_isToldWithFileAndLine() throws IOException {
    Path file = file("infer {\n  batch-size = 4\n  batchsize = 8\n}\n");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            file
                + ": 3: unknown key infer.batchsize; infer has batch-size, device,"
                + " frames-per-task, intra-op-threads, model-scope, search-share");
  }

  @Test
  void unknownKeyInCall_isToldWithTheCall() {
    assertThatThrownBy(() -> SettingsLoader.load(null, List.of("infer.batchsize=8")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith(
            "setting infer.batchsize=8: unknown key infer.batchsize; infer has");
  }

  @Test
  void wrongType_isToldWithFileAndLine() throws IOException {
    Path file = file("\ntandem.benchmark.rounds = many\n");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(file + ": 2: benchmark.rounds takes a number, not a string");
  }

  @Test
  void valueWhereKeysBelong_isTold() {
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
  void wrongName_isToldWithTheNamesThatThereAre() throws IOException {
    Path file = file("frames.fit = squeeze");
    assertThatThrownBy(() -> SettingsLoader.load(file, List.of()))
        .hasMessage(file + ": 1: frames.fit is one of crop, stretch, letterbox, not: squeeze");
  }

  @Test
  void valueOutOfItsRange_isToldWithTheValue() {
    assertThatThrownBy(() -> SettingsLoader.load(null, List.of("infer.batch-size=-3")))
        .isInstanceOf(SettingsException.class)
        .hasMessage("infer.batch-size must be at least 1: -3");
  }

  @Test
  void brokenFile_isToldWithFileAndLine() throws IOException {
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
