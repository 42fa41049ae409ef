package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.io.FileUtils;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that cannot predict all frames in the budget: 24 frames, 40 ms each, one second. */
final class SlowModelTest {
  @TempDir Path folder;

  @Test
  void benchmark_takesTheFirstFrames_andEveryLaneTheSameBatches() throws IOException {
    RunReader run = new RunReader(folder.resolve("run"));
    Call call =
        Tandem.benchmark()
            .frames(Paths.CALIBRATION)
            .output(run.folder())
            .set(
                "synthetic.sleep=160 ms",
                "benchmark.concurrency=[1, 2, 3]",
                "benchmark.rounds=1",
                "benchmark.budget=1 s",
                "benchmark.min-seconds=0",
                "benchmark.warmup-seconds=0",
                "benchmark.warmup-batches=1",
                "benchmark.ceiling-seconds=0")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .containsPattern(
            "the first 12 frames of 24: a frame takes about 0\\.04\\d* s, and all of them would take \\d s");
    List<Row> lanes = run.lanes("SELECT trial, lane, frames FROM rows ORDER BY trial, lane");
    // Two lanes of 6 frames, in batches of 4: each predicts two batches.
    assertThat(lanes.stream().map(row -> row.getString(0).substring(4, 7) + " " + row.getLong(2)))
        .containsExactly("1x1 12", "1x2 12", "2x1 8", "2x1 8", "3x1 4", "3x1 4", "3x1 4");
    assertThat(run.text("settings.conf")).containsPattern("frames=12\\s");

    Call fewer =
        Tandem.benchmark()
            .frames(Paths.CALIBRATION)
            .set("synthetic.sleep=1 ms", "benchmark.concurrency=[3]", "benchmark.frames=2")
            .run();
    assertThat(fewer.exitCode()).isEqualTo(2);
    assertThat(fewer.err()).contains("3 lanes need at least 3 frames, but there are 2");

    // Resumed, it does not choose again.
    FileUtils.deleteDirectory(run.resolve("lanes").toFile());
    Call resumed = Tandem.resume(run.folder()).run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err()).doesNotContain("the first");
    assertThat(run.lanes("SELECT * FROM rows")).hasSize(lanes.size());
  }
}
