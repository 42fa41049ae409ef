package io.tandem.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a benchmark keeps of pictures that a model returns, and how it compares them. */
@Tag("spark")
final class BenchmarkImagesTest {
  @TempDir Path folder;

  @Test
  void pictures_ofTheFirstPassAndRound_areKeptComparedAndShown() throws Exception {
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
    assertThat(Double.parseDouble(onnx.get("max_result_diff"))).isBetween(0.0, 0.002);
    assertExamples(out);
  }

  /** Each frame, 160 x 90, beside the picture of the serial baseline, 320 x 180, in the report. */
  private static void assertExamples(Path out) throws Exception {
    String report = Files.readString(out.resolve("report.html"));
    List<Path> examples;
    try (Stream<Path> files = Files.list(out.resolve("rendered"))) {
      examples = files.toList();
    }
    assertThat(examples).hasSize(2);
    for (Path example : examples) {
      byte[] jpeg = Files.readAllBytes(example);
      Picture both = PictureReader.read(jpeg);
      assertThat(List.of(both.width(), both.height())).containsExactly(640, 180);
      assertThat(report).contains(Base64.getEncoder().encodeToString(jpeg));
    }
    assertThat(Tandem.command("summarize").with(out).run().exitCode()).isZero();
    assertThat(Files.readString(out.resolve("report.html")))
        .as("without the frames")
        .isEqualTo(report);
  }
}
