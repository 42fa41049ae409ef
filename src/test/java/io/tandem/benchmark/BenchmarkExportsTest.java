package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.telemetry.CpuFlags;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which exports a benchmark measures, and what it records of them. */
@Tag("spark")
final class BenchmarkExportsTest {
  @TempDir Path folder;

  @Test
  void engines_haveAllTheirExports_afterTheNamedOnes() {
    Call call =
        Tandem.benchmark()
            .with("--dry-run")
            .frames(Paths.PHOTOS)
            .set(
                "benchmark.exports=[bf16]",
                "benchmark.engines=[onnxruntime]",
                "benchmark.concurrency=[2]")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    boolean vnni =
        CpuFlags.ofThisHost().stream()
            .anyMatch(Set.of("avx512_vnni", "avx_vnni", "amx_int8")::contains);
    List<String> trials = call.err().lines().filter(line -> line.startsWith("  cpu-")).toList();
    assertThat(trials)
        .startsWith("  cpu-1x1-b4-bf16-executor")
        .containsSubsequence("  cpu-2x1-b4-bf16-executor", "  cpu-2x1-b4-onnx-fp32-executor");
    assertThat(trials.contains("  cpu-2x1-b4-onnx-int8-executor")).isEqualTo(vnni);
    assertThat(call.err().contains("left out the export onnx-int8")).isEqualTo(!vnni);
  }

  @Test
  void engineThatTheModelHasNoExportFor_isRefused() {
    Call call = Tandem.benchmark().frames(Paths.PHOTOS).set("benchmark.engines=[tensorflow]").run();
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err())
        .contains("has no export for tensorflow; its exports are for pytorch, onnxruntime")
        .hasLineCount(1);
  }

  @Test
  void baselineThatTheFirstDeviceCannotRun_isRefused() {
    Call call =
        Tandem.benchmark()
            .frames(Paths.PHOTOS)
            .set("benchmark.devices=[gpu, cpu]", "benchmark.exports=[bf16-fused, fp32]")
            .run();
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err())
        .contains(
            "bf16-fused runs on a cpu only, not on a gpu; name another first by benchmark.exports")
        .hasLineCount(1);
  }

  @Test
  void severalEngines_areMeasuredTogether_andRecorded() throws IOException {
    Path out = folder.resolve("out");
    Call call =
        Tandem.benchmark()
            .frames(Paths.PHOTOS)
            .output(out)
            .shortTrials()
            .set(
                "benchmark.exports=[fp32, onnx-int8]",
                "benchmark.concurrency=[1]",
                "benchmark.rounds=1",
                "benchmark.valid.min-batches=0")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    RunReader run = new RunReader(out);
    assertThat(run.text("environment.json"))
        .contains("DJL PyTorch 2.7.1, DJL ONNX Runtime ")
        .containsPattern(
            "\"exports\" : \\{\\s+\"fp32\" : \"\\w{64}\",\\s+\"onnx-int8\" : \"\\w{64}\"");
    assertThat(run.text("trials.jsonl"))
        .contains("\"engine\":\"onnxruntime\",\"precision\":\"int8\",\"export_device\":\"cpu\"")
        .contains("\"export_agreement\":0.988");
    // Of four results one in a hundred is none: what was measured at its export counts.
    assertThat(call.out()).contains("1.2 % other results");
  }
}
