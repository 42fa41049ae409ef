package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.telemetry.CpuFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The search of {@code infer} for a batch size and a number of threads. */
final class InferSearchTest {
  @TempDir Path folder;

  @Test
  void auto_withLittleWork_keepsTheDefaults() throws IOException {
    Path out = folder.resolve("out");
    Call call =
        Inferred.infer(Paths.PHOTOS, out, "infer.batch-size=auto", "infer.intra-op-threads=auto");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .startsWith("too little work to search for better settings: 4 frames take about 0 s");
    assertThat(Files.readString(out.resolve("settings.conf")))
        .contains("batch-size=4")
        .contains("intra-op-threads=1");
  }

  @Test
  void exportAuto_triesThoseWithTheSameResults_thePreferredFirst() throws IOException {
    Path out = folder.resolve("out");
    Call call =
        Inferred.infer(
            Paths.PHOTOS, out, "model.export=auto", "infer.search-share=100000", "infer.lanes=1");
    assertThat(call.exitCode()).as(call.err()).isZero();
    Set<String> cpu = CpuFlags.ofThisHost();
    boolean bf16 = cpu.contains("avx512_bf16") || cpu.contains("amx_bf16");
    assertThat(call.err().contains("  bf16-fused, batch 4, 1 thread a lane: ")).isEqualTo(bf16);
    assertThat(call.err())
        .containsPattern("  onnx-fp32, batch 4, 1 thread a lane: \\d+\\.\\d frames/s")
        .containsPattern("  fp32, batch 4, 1 thread a lane: \\d+\\.\\d frames/s")
        .doesNotContain("int8");
    Matcher took = Pattern.compile("search chose (\\S+), batch 4, 1 thread").matcher(call.err());
    assertThat(took.find()).isTrue();
    assertThat(Files.readString(out.resolve("settings.conf")))
        .containsPattern("export=\"?" + took.group(1) + "\"?\n");
  }

  @Test
  void auto_withEnoughWork_triesSettings_andWritesWhatItTook() throws IOException {
    Path out = folder.resolve("out");
    // Of a second's work so many times as much: time for all settings, on whichever machine.
    Call call =
        Inferred.infer(
            Paths.FRAMES,
            out,
            "frames.limit=40",
            "infer.batch-size=auto",
            "infer.search-share=10000");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .containsPattern("  fp32, batch 4, 1 thread a lane: \\d+\\.\\d frames/s")
        .containsPattern("  fp32, batch 8, 1 thread a lane: \\d+\\.\\d frames/s");
    Matcher took =
        Pattern.compile("search chose fp32, batch (\\d+), 1 thread a lane").matcher(call.err());
    assertThat(took.find()).isTrue();
    assertThat(Files.readString(out.resolve("settings.conf")))
        .contains("batch-size=" + took.group(1));
    assertThat(Path.of(out + ".search")).doesNotExist();
    assertThat(new RunReader(out).predictions("SELECT * FROM rows")).hasSize(40);
  }
}
