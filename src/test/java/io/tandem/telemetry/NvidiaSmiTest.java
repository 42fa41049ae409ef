package io.tandem.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A program of the same name that says what was recorded, hangs, dies, or is not there. */
final class NvidiaSmiTest {
  private static final String TWO_GPUS =
      """
      0, GPU-6d4c3f1e-7a6b-4e27-9ab0-0e9d3d0f6f11, 97, 5423, 412.57, 1980, 61, 0x0000000000000000
      1, GPU-0b8e91aa-55f1-4f0f-8f25-4f1c2f7be6d2, 0, 4, [N/A], 345, 33, 0x0000000000000001
      """;

  @TempDir Path folder;

  @Test
  void gpus_areReportedAsTheySaid() throws IOException {
    Path program = script("cat <<'END'\n" + TWO_GPUS + "END\nexec sleep 60");
    try (NvidiaSmi smi = start(program)) {
      await(() -> smi.latest(System.nanoTime()).size() == 2);
      assertThat(smi.latest(System.nanoTime()))
          .containsExactly(
              new GpuSample(
                  0,
                  "GPU-6d4c3f1e-7a6b-4e27-9ab0-0e9d3d0f6f11",
                  0.97f,
                  5_423L << 20,
                  412.57f,
                  1980f,
                  61f,
                  "0x0000000000000000"),
              new GpuSample(
                  1,
                  "GPU-0b8e91aa-55f1-4f0f-8f25-4f1c2f7be6d2",
                  0f,
                  4L << 20,
                  null,
                  345f,
                  33f,
                  "0x0000000000000001"));
      long later = System.nanoTime() + Duration.ofSeconds(3).toNanos();
      assertThat(smi.latest(later)).as("it has fallen silent").isEmpty();
    }
    assertThat(Files.readString(folder.resolve("arguments")))
        .contains("--query-gpu=index,uuid,utilization.gpu")
        .contains("--format=csv,noheader,nounits -lms 200");
  }

  @Test
  void programThatHangs_costsItsColumns_andIsEnded() throws IOException {
    Path program = script("echo $$ > " + folder.resolve("pid") + "\nexec sleep 600");
    NvidiaSmi smi = start(program);
    await(() -> Files.exists(folder.resolve("pid")) && !pid().isEmpty());
    assertThat(smi.latest(System.nanoTime())).isEmpty();
    ProcessHandle process = ProcessHandle.of(Long.parseLong(pid())).orElseThrow();
    smi.close();
    await(() -> !process.isAlive());
  }

  @Test
  void programThatIsNotThere_orSaysSomethingElse_hasNoGpus() throws IOException {
    try (NvidiaSmi smi = start(folder.resolve("none"))) {
      assertThat(smi.latest(System.nanoTime())).isEmpty();
    }
    Path program =
        script("echo \"NVIDIA-SMI has failed because it couldn't communicate with the driver\"");
    try (NvidiaSmi smi = start(program)) {
      await(() -> Files.exists(folder.resolve("arguments")));
      assertThat(smi.latest(System.nanoTime())).isEmpty();
    }
  }

  @Test
  void onAHost_oneListens_andTheNextOneWhenItEnds() throws IOException {
    Path program = script("cat <<'END'\n" + TWO_GPUS + "END\nexec sleep 60");
    NvidiaSmi first = start(program);
    await(() -> first.latest(System.nanoTime()).size() == 2);
    try (NvidiaSmi second = start(program)) {
      assertThat(second.latest(System.nanoTime())).isEmpty();
      first.close();
      await(() -> second.latest(System.nanoTime()).size() == 2);
    }
    assertThat(Files.readAllLines(folder.resolve("arguments"))).hasSize(2);
  }

  @Test
  void parse_passesOverWhatIsNoRow() {
    assertThat(List.of("", "Failed to initialize NVML", "index, uuid", "0, a, b"))
        .allMatch(line -> NvidiaSmi.parse(line) == null);
  }

  private NvidiaSmi start(Path program) {
    return NvidiaSmi.start(program.toString(), 200, folder.resolve("lock"));
  }

  private String pid() {
    try {
      return Files.readString(folder.resolve("pid")).strip();
    } catch (IOException e) {
      return "";
    }
  }

  private Path script(String body) throws IOException {
    Path script =
        Files.createFile(
            folder.resolve("nvidia-smi"),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x")));
    return Files.writeString(
        script, "#!/bin/sh\necho \"$*\" >> %s\n%s\n".formatted(folder.resolve("arguments"), body));
  }

  private static void await(BooleanSupplier condition) {
    long until = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time is up").isLessThan(until);
      Thread.onSpinWait();
    }
  }
}
