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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A benchmark of a model whose frames have any number of labels, also none. */
@Tag("spark")
final class BenchmarkLabelsTest {
  @TempDir Path folder;

  /** Blue, green and red have a label of 0.9998 or so, and grey has none from 0.9933 on. */
  @ParameterizedTest
  @CsvSource({"0.9999, 0", "0.999, 3"})
  void framesWithoutLabel_areComparedAndJudged(String threshold, long labelled) throws IOException {
    Call call =
        Tandem.benchmark()
            .model(Paths.MODEL_CASES.resolve("logits-as-probabilities"))
            .frames(Paths.MODEL_CASES.resolve("frames"))
            .output(folder.resolve("out"))
            .shortTrials()
            .set(
                "model.output=logits",
                "model.properties.multi-label=true",
                "model.properties.threshold=" + threshold,
                "benchmark.concurrency=[2]",
                "benchmark.rounds=2",
                "benchmark.valid.min-batches=0")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).contains("serial baseline", "Inconclusive: 2 of at least 6 rounds.");
    RunReader run = new RunReader(folder.resolve("out"));
    List<Row> trials =
        run.predictions(
            """
            SELECT trial, COUNT(DISTINCT IF(label IS NULL, NULL, path)), COUNT(error),
                   COUNT_IF((label IS NULL) != (probability IS NULL)),
                   COUNT_IF((label IS NULL) != (SIZE(top_k) = 0))
            FROM rows GROUP BY trial""");
    assertThat(trials).hasSizeGreaterThanOrEqualTo(2);
    for (Row trial : trials) {
      assertThat(List.of(trial.getLong(1), trial.getLong(2), trial.getLong(3), trial.getLong(4)))
          .as(trial.getString(0))
          .containsExactly(labelled, 0L, 0L, 0L);
    }
    Map<String, String> two = run.csvRow("summary/speedup.csv", Map.of("concurrency", "2"));
    assertThat(two.get("agreement")).isEqualTo("1");
    assertThat(Double.parseDouble(two.get("max_result_diff"))).isBetween(0.0, 1e-5);
    assertThat(folder.resolve("out/report.html")).isNotEmptyFile();
    Call again = Tandem.command("summarize").with(folder.resolve("out").toString()).run();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.out()).contains("serial baseline");
  }
}
