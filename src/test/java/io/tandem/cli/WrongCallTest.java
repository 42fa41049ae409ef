package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        call(command, "--frames", empty.toString()),
        "no frames found at " + empty + "; looked for names like");
    refused(
        call(command, "--frames", folder.resolve("gone").toString()),
        "no frames found at " + folder.resolve("gone") + "; there is no such file or folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"infer", "benchmark"})
  void missingModel(String command) {
    refused(
        call(command, "--model", folder.resolve("gone").toString()),
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
        call(command, "--model", model.toString()),
        "mobilenet-float.pt in file:" + model + " cannot be loaded as TorchScript: ");
  }

  @Test
  void unknownKeyAndWrongType_withFileAndLine() throws IOException {
    Path conf = Files.writeString(folder.resolve("my.conf"), "infer {\n  batch = 3\n}\n");
    refused(call("infer", "--conf", conf.toString()), conf + ": 2: unknown key infer.batch; ");
    Files.writeString(conf, "\n\ninfer.batch-size = three\n");
    refused(
        call("infer", "--conf", conf.toString()),
        conf + ": 3: infer.batch-size takes a number, not a string");
    refused(
        call("infer", "--conf", folder.resolve("gone.conf").toString()),
        "no settings file at " + folder.resolve("gone.conf"));
  }

  @Test
  void dryRunOfACalibration() {
    refused(
        call("benchmark", "--dry-run", "--set", "calibration.enabled=true"),
        "--dry-run tells a benchmark's trials; a calibration has many plans");
  }

  @ParameterizedTest
  @CsvSource({"infer, infer.device=gpu", "benchmark, 'benchmark.devices=[cpu, gpu]'"})
  void gpuWithoutOne(String command, String setting) {
    refused(
        call(command, "--set", setting), "device = gpu, but Spark assigned no GPU to the task; ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"infer", "benchmark"})
  void outputThatExists_isLeftAsItIs(String command) throws IOException {
    Path out = Files.createDirectories(folder.resolve("out"));
    Files.writeString(out.resolve("precious"), "data");
    Call call =
        Call.tandem(command, "--frames", Paths.PHOTOS.toString(), "--output", out.toString());
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
    Call call =
        Call.tandem(
            "infer",
            "--frames",
            Paths.PHOTOS.toString(),
            "--output",
            file.resolve("out").toString());
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err().lines().reduce((first, last) -> last).orElse(""))
        .startsWith("the output folder " + file.resolve("out") + " cannot be created (")
        .endsWith("; choose another (option --output)");
  }

  @Test
  void fewerFramesThanLanes() {
    refused(
        call(
            "benchmark", "--frames", Paths.PHOTOS.toString(), "--set", "benchmark.concurrency=[5]"),
        "5 lanes need at least 5 frames, but there are 4; ");
  }

  @Test
  void noRunFolder() {
    Call call = Call.tandem("summarize", folder.toString());
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).isEqualTo(folder + " is no run folder: it has no predictions/ in it\n");
  }

  @Test
  void unknownOptionOrCommand() {
    Call option = Call.tandem("infer", "--frmaes", "x");
    assertThat(option.exitCode()).isEqualTo(2);
    assertThat(option.err()).contains("--frmaes").contains("See ./submit.sh infer --help");
    Call master = Call.tandem("infer", "--master", "local");
    assertThat(master.exitCode()).isEqualTo(2);
    assertThat(master.err()).contains("spark-submit options stand before the command");
    Call command = Call.tandem("predict");
    assertThat(command.exitCode()).isEqualTo(2);
    assertThat(command.err())
        .startsWith("no command predict; there are benchmark, infer, summarize and compare\n");
    assertThat(Call.tandem().exitCode()).isEqualTo(2);
  }

  @Test
  void help_isNoMistake() {
    for (String[] args :
        new String[][] {{"--help"}, {"infer", "--help"}, {"benchmark", "-h"}, {"--version"}}) {
      Call call = Call.tandem(args);
      assertThat(call.exitCode()).isZero();
      assertThat(call.err()).isEmpty();
      assertThat(call.out()).isNotEmpty();
    }
  }

  private Call call(String command, String... options) {
    List<String> args = new ArrayList<>(List.of(command));
    args.addAll(List.of(options));
    args.addAll(List.of("--output", folder.resolve("out").toString()));
    return Call.tandem(args.toArray(String[]::new));
  }

  private void refused(Call call, String sentence) {
    assertThat(call.err()).startsWith(sentence);
    assertThat(call.err().lines()).hasSize(1);
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.out()).isEmpty();
    assertThat(folder.resolve("out")).doesNotExist();
  }
}
