package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Tandem;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code infer --estimate}, with trials that last one pass. */
final class InferEstimateTest {
  @TempDir Path folder;

  @Test
  void estimate_saysTheTime_andWritesNothing() {
    Call call =
        Tandem.infer()
            .frames(Paths.PHOTOS)
            .output(folder.resolve("run"))
            .with("--estimate")
            .set("benchmark.min-seconds=0", "benchmark.warmup-batches=1", "infer.lanes=1")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .containsPattern(
            "4 frames take about \\d s by 1 lane; a million such frames take \\d+\\.\\d\\d hours \\(\\d+\\.\\d\\d to \\d+\\.\\d\\d\\)\\.");
    assertThat(folder).isEmptyDirectory();
  }
}
