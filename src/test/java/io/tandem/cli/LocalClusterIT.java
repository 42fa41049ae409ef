package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.frame.FrameDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.commons.collections4.ListUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A benchmark on two executors of this machine, each a process of its own. */
@Tag("spark")
final class LocalClusterIT {
  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  @Test
  void severalExecutors_startTogetherAndCountTheirRows_andReportTheirHost() throws Exception {
    // A host with one GPU, as its nvidia-smi says.
    Path nvidiaSmi = folder.resolve("nvidia-smi");
    Files.writeString(
        nvidiaSmi,
        """
        #!/bin/sh
        while sleep 0.2; do echo '0, GPU-1, 42, 1024, 250.0, 1500, 50, 0x0000000000000000'; done
        """);
    assertThat(nvidiaSmi.toFile().setExecutable(true)).isTrue();
    Ended ended =
        new Checkout(folder)
            .submit(
                ListUtils.union(List.of("--master", "local-cluster[2,1,1536]"), Checkout.QUICK),
                Tandem.benchmark()
                    .output("out/cluster")
                    .shortTrials()
                    .set(
                        "model.export=null",
                        "frames.limit=8",
                        "benchmark.concurrency=[2, 4]",
                        "benchmark.rounds=1",
                        "benchmark.min-seconds=0.5",
                        "telemetry.nvidia-smi=" + nvidiaSmi))
            .run();
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    String export = Tandem.spec(Tandem.settings("model.export=null")).export().name();
    assertThat(ended.err())
        .contains("skipped cpu-4x1-b4-%s-executor: needs 4 slots, has 2".formatted(export));
    assertThat(ended.err())
        .as("the executors say what they have")
        .contains("export %s: ".formatted(export))
        .contains(
            FrameDecoder.turboJpegFile().isPresent()
                ? "JPEG by libjpeg-turbo ("
                : "JPEG by FFmpeg ");
    assertThat(ended.out()).containsPattern("\n +2 +1 +\\d");
    RunReader run = new RunReader(folder.resolve("out/cluster"));
    assertThat(run.csv("summary/speedup.csv"))
        .as("executors' clocks are known against the driver's")
        .hasSize(3)
        .allMatch(row -> Double.parseDouble(row.get("throughput_common_fps")) > 0);
    String trace = run.text("trace.json.gz");
    assertThat(trace).contains("executor 0", "executor 1", "\"GPU 0 %\"", "\"value\":42.0");
  }
}
