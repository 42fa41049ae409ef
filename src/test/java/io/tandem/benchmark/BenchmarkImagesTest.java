package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a benchmark keeps of pictures that a model returns, and how it compares them. */
@Tag("spark")
final class BenchmarkImagesTest {
  @TempDir Path folder;

  @Test
  void pictures_ofTheFirstPassAndRound_areKeptAndCompared() throws IOException {
    Path out = folder.resolve("out");
    Call call =
        Tandem.benchmark()
            .model(Paths.SUPERRESOLUTION)
            .frames("data/small")
            .output(out)
            .shortTrials()
            .set(
                "frames.limit=2",
                "benchmark.exports=[fp32, onnx-fp32]",
                "benchmark.concurrency=[1]",
                "benchmark.batch-sizes=[1]",
                "benchmark.rounds=2",
                "benchmark.interval-width=0",
                "benchmark.min-seconds=0.5")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    RunReader run = new RunReader(out);
    List<Row> kept =
        run.predictions(
            """
            SELECT trial, COUNT(image_path), COUNT(DISTINCT image_path),
                   COUNT_IF((image_path IS NOT NULL) != (round = 1 AND pass = 0))
            FROM rows GROUP BY trial""");
    assertThat(kept).hasSizeGreaterThanOrEqualTo(3);
    for (Row row : kept) {
      assertThat(List.of(row.getLong(1), row.getLong(2), row.getLong(3)))
          .as(row.getString(0))
          .containsExactly(2L, 2L, 0L);
      assertThat(out.resolve("images").resolve(row.getString(0)).toFile().list()).hasSize(2);
    }
    Map<String, String> onnx =
        run.csvRow("summary/speedup.csv", Map.of("export", "onnx-fp32", "concurrency", "1"));
    assertThat(onnx.get("agreement")).isEqualTo("1");
    assertThat(Double.parseDouble(onnx.get("max_probability_diff"))).isBetween(0.0, 0.002);
  }
}
