package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A wrong call ends with one sentence and exit code 2, and writes nothing. */
final class WrongCallTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"infer", "benchmark"})
  void noFrames(String command) throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    refused(
        Tandem.command(command).frames(empty),
        "no frames found at " + empty + "; expected file names such as");
    refused(
        Tandem.command(command).frames(folder.resolve("gone")),
        "no frames found at " + folder.resolve("gone") + "; there is no such file or folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"infer", "benchmark"})
  void missingModel(String command) {
    refused(
        Tandem.command(command).model(folder.resolve("gone")),
        "no model folder at " + folder.resolve("gone"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"infer", "benchmark"})
  void corruptModel(String command) throws IOException {
    Path model = Files.createDirectories(folder.resolve("model"));
    try (var files = Files.newDirectoryStream(Paths.MODELS.resolve("mobilenet-float"))) {
      for (Path file : files) {
        Files.copy(file, model.resolve(file.getFileName().toString()));
      }
    }
    byte[] whole = Files.readAllBytes(model.resolve("mobilenet-float.pt"));
    Files.write(model.resolve("mobilenet-float.pt"), java.util.Arrays.copyOf(whole, 100_000));
    refused(
        Tandem.command(command).model(model),
        "mobilenet-float.pt in file:" + model + " cannot be loaded as TorchScript: ");
  }

  @Test
  void unknownKeyAndWrongType_withFileAndLine() throws IOException {
    Path conf = Files.writeString(folder.resolve("my.conf"), "infer {\n  batch = 3\n}\n");
    refused(Tandem.infer().with("--conf", conf), conf + ": 2: unknown key infer.batch; ");
    Files.writeString(conf, "\n\ninfer.batch-size = three\n");
    refused(
        Tandem.infer().with("--conf", conf),
        conf + ": 3: infer.batch-size takes a number, not a string");
    refused(
        Tandem.infer().with("--conf", folder.resolve("gone.conf")),
        "no settings file at " + folder.resolve("gone.conf"));
  }

  @Test
  void dryRunOfACalibration() {
    refused(
        Tandem.benchmark().with("--dry-run").set("calibration.enabled=true"),
        "--dry-run lists the trials of one benchmark; a calibration has several");
  }

  @ParameterizedTest
  @CsvSource({"infer, infer.device=gpu", "benchmark, 'benchmark.devices=[cpu, gpu]'"})
  void gpuWithoutOne(String command, String setting) {
    refused(
        Tandem.command(command).set(setting),
        "device = gpu, but Spark assigned no GPU to the task; ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"infer", "benchmark"})
  void outputThatExists_isLeftAsItIs(String command) throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Files.writeString(out.resolve("precious"), "data");
    Call call = Tandem.command(command).frames(Paths.PHOTOS).output(out).run();
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err())
        .isEqualTo(
            "the output folder "
                + out
                + " exists; choose another, or remove it (option --output)\n");
    assertThat(out).isDirectoryContaining("glob:**precious");
    try (var files = Files.list(out)) {
      assertThat(files).hasSize(1);
    }
  }

  @Test
  void outputThatCannotBeMade() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "in the way");
    Call call = Tandem.infer().frames(Paths.PHOTOS).output(file.resolve("out")).run();
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err().lines().reduce((first, last) -> last).orElse(""))
        .startsWith("the output folder " + file.resolve("out") + " cannot be created (")
        .endsWith("; choose another (option --output)");
  }

  @Test
  void fewerFramesThanLanes() {
    refused(
        Tandem.benchmark().frames(Paths.PHOTOS).set("benchmark.concurrency=[5]"),
        "5 lanes need at least 5 frames, but there are 4; ");
  }

  @Test
  void noRunFolder() {
    Call call = Tandem.command("summarize").with(folder).run();
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).isEqualTo(folder + " is not a run folder: it has no predictions/\n");
  }

  @Test
  void unknownOptionOrCommand() {
    Call option = Tandem.infer().with("--frmaes", "x").run();
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.err()).contains("--frmaes").contains("See ./submit.sh infer --help");
    Call master = Tandem.infer().with("--master", "local").run();
    assertThat(master.exitCode()).isEqualTo(2);
    assertThat(master.err()).contains("spark-submit options come before the command");
    Call command = Tandem.command("predict").run();
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err())
        .startsWith("no command predict; there are benchmark, infer, summarize and compare\n");
    assertThat(Call.tandem().exitCode()).isEqualTo(2);
  }

  @Test
  void help_isNoError() {
    for (String[] args :
        new String[][] {{"--help"}, {"infer", "--help"}, {"benchmark", "-h"}, {"--version"}}) {
      Call call = Call.tandem(args);
      assertThat(call.exitCode()).isZero();
      assertThat(call.err()).isEmpty();
      assertThat(call.out()).isNotEmpty();
    }
  }

  private void refused(Tandem command, String sentence) {
    Call call = command.output(folder.resolve("out")).run();
    assertThat(call.err()).startsWith(sentence);
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
