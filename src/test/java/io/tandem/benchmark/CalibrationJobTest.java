package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The calibration's command, with trials far too short to pass or to fail by. */
final class CalibrationJobTest {
  @TempDir Path folder;

  @Test
  void calibration_printsItsChecks_andLeavesARunFolderForEach() throws IOException {
    Path output = folder.resolve("calibration");
    Call call =
        Tandem.benchmark()
            .with("--conf", Paths.ROOT.resolve("conf/calibration.conf"))
            .frames(Paths.ROOT.resolve("data/calibration"))
            .output(output)
            .shortTrials()
            .set(
                "calibration.locked=[0.5]",
                "calibration.scalability=[[0.1, 0.01]]",
                "calibration.aa-repeats=1",
                "benchmark.concurrency=[1, 2]",
                "benchmark.interval-width=0",
                "synthetic.sleep=2 ms")
            .run();
    List<String> csv = Files.readAllLines(output.resolve("calibration.csv"));
    assertThat(csv).hasSize(1 + 2 + 2 + 1);
    boolean failed = csv.stream().anyMatch(line -> line.endsWith(",false"));
    assertThat(call.exitCode()).as(call.err()).isEqualTo(failed ? 1 : 0);
    assertThat(call.out())
        .contains("locked-0.5")
        .contains("speedup of 2")
        .contains("kappa")
        .contains("intervals that hold 1")
        .contains("checks passed");
    for (String name : List.of("locked-0.5", "scalability-0.1-0.01", "aa-repeat-01")) {
      assertThat(output.resolve(name).resolve("lanes")).isDirectory();
      assertThat(
              new RunReader(output.resolve(name))
                  .predictions("SELECT * FROM rows WHERE error IS NOT NULL"))
          .isEmpty();
    }
  }
}
