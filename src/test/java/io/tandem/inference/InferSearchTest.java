package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.benchmark.InferSearch;
import io.tandem.conf.Settings;
import io.tandem.telemetry.CpuFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
  void exportAuto_triesThoseWithTheSameResults_thePreferredFirst() {
    SilentProgress progress = new SilentProgress();
    Settings found =
        search(progress, Paths.PHOTOS, folder.resolve("out"), "model.export=auto", "infer.lanes=1");
    String said = String.join("\n", progress.said());
    Set<String> cpu = CpuFlags.ofThisHost();
    boolean bf16 = cpu.contains("avx512_bf16") || cpu.contains("amx_bf16");
    assertThat(said.contains("  bf16-fused, batch 4, 1 thread a lane: ")).isEqualTo(bf16);
    assertThat(said)
        .containsPattern("  onnx-fp32, batch 4, 1 thread a lane: \\d+\\.\\d frames/s")
        .containsPattern("  fp32, batch 4, 1 thread a lane: \\d+\\.\\d frames/s")
        .doesNotContain("int8");
    Matcher took = Pattern.compile("search chose (\\S+), batch 4, 1 thread").matcher(said);
    assertThat(took.find()).isTrue();
    assertThat(found.model().export()).isEqualTo(took.group(1));
  }

  @Test
  void auto_withEnoughWork_triesSettings_andPredictsWithWhatItTook() throws IOException {
    Path out = folder.resolve("out");
    SilentProgress progress = new SilentProgress();
    Settings found =
        search(progress, Paths.FRAMES, out, "frames.limit=40", "infer.batch-size=auto");
    String said = String.join("\n", progress.said());
    assertThat(said)
        .containsPattern("  fp32, batch 4, 1 thread a lane: \\d+\\.\\d frames/s")
        .containsPattern("  fp32, batch 8, 1 thread a lane: \\d+\\.\\d frames/s");
    Matcher took =
        Pattern.compile("search chose fp32, batch (\\d+), 1 thread a lane").matcher(said);
    assertThat(took.find()).isTrue();
    assertThat(Path.of(out + ".search")).doesNotExist();
    try (InferJob job = new InferJob(found, progress)) {
      job.run(summary -> {});
    }
    assertThat(Files.readString(out.resolve("settings.conf")))
        .contains("batch-size=" + took.group(1));
    assertThat(new RunReader(out).predictions("SELECT * FROM rows")).hasSize(40);
  }

  /** Searches as if there were much more work: time for all settings, on whichever machine. */
  private static Settings search(SilentProgress progress, Path frames, Path out, String... pairs) {
    List<String> all = new ArrayList<>(List.of(pairs));
    all.addAll(List.of("frames.path=" + frames.toAbsolutePath(), "output.path=" + out));
    Settings settings = Tandem.settings(all.toArray(String[]::new));
    return InferSearch.resolve(
        settings.withInfer(settings.infer().withSearchShare(100_000)), progress);
  }
}
