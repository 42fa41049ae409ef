package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.Tandem;
import io.tandem.frame.FrameDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Labels and probabilities of all bundled frames, photos and test images are those of the commit
 * that {@code src/benchmarks/golden/make.sh} was run on.
 */
@Tag("spark")
final class GoldenTest {
  /** How much a probability may differ: the order of float additions is the engine's own. */
  private static final float TOLERANCE = 2e-6f;

  private static final List<Path> SETS =
      List.of(Paths.FRAMES, Paths.PHOTOS, Paths.IMAGES, Paths.JPEGS);

  @TempDir private Path folder;

  @Test
  void labels_byFfmpeg_areThoseOfBefore() throws IOException {
    labels_areThoseOfBefore("ffmpeg");
  }

  @Test
  void labels_byLibjpegTurbo_areThoseOfBefore() throws IOException {
    // Without it the run is FFmpeg's again: that is what `auto` chooses then.
    labels_areThoseOfBefore(FrameDecoder.turboJpegFile().isPresent() ? "turbojpeg" : "ffmpeg");
  }

  private void labels_areThoseOfBefore(String library) throws IOException {
    Map<String, String> expected = golden(library);
    Map<String, String> actual = predicted(library);
    assertThat(actual.keySet()).containsExactlyInAnyOrderElementsOf(expected.keySet());
    expected.forEach((file, topK) -> assertSame(file, topK, actual.getOrDefault(file, "")));
  }

  private static void assertSame(String file, String expected, String actual) {
    Map<String, Float> before = labels(expected);
    Map<String, Float> after = labels(actual);
    assertThat(after.keySet()).as(file).containsExactlyElementsOf(before.keySet());
    before.forEach(
        (label, probability) ->
            assertThat(after.get(label))
                .as("%s: %s", file, label)
                .isCloseTo(probability, within(TOLERANCE)));
  }

  /** Label and probability, best first; empty for a frame that failed. */
  private static Map<String, Float> labels(String topK) {
    Map<String, Float> labels = new LinkedHashMap<>();
    for (String label : topK.isEmpty() ? new String[0] : topK.split("\\|")) {
      int at = label.lastIndexOf('=');
      labels.put(label.substring(0, at), Float.valueOf(label.substring(at + 1)));
    }
    return labels;
  }

  private static Map<String, String> golden(String library) throws IOException {
    Map<String, String> rows = new TreeMap<>();
    try (Stream<String> lines = Files.lines(Paths.GOLDEN.resolve("labels.csv"))) {
      lines
          .filter(line -> line.startsWith(library + "-"))
          .map(line -> line.split(",", 4))
          .forEach(row -> rows.put(row[0].substring(library.length() + 1) + "/" + row[1], row[3]));
    }
    return rows;
  }

  /** One run over all sets, which a manifest lists. */
  private Map<String, String> predicted(String library) throws IOException {
    Path out = folder.resolve(library);
    Call call =
        Tandem.infer()
            .with("--manifest", manifest())
            .output(out)
            .set("frames.jpeg-library=" + library)
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, String> rows = new TreeMap<>();
    for (Row row :
        Rows.of(
            out.resolve("predictions").toString(),
            """
            SELECT concat_ws('/', manifest.set, substring_index(path, '/', -1)),
                   IF(error IS NULL, concat_ws('|', transform(top_k, one ->
                     concat(replace(one.label, ',', ';'), '=', CAST(one.probability AS STRING)))), '')
            FROM rows
            """)) {
      rows.put(row.getString(0), row.getString(1));
    }
    return rows;
  }

  private Path manifest() throws IOException {
    List<String> lines = new ArrayList<>(List.of("path,set"));
    for (Path set : SETS) {
      try (Stream<Path> files = Files.list(set)) {
        files
            .filter(Files::isRegularFile)
            .sorted()
            .forEach(file -> lines.add(file.toAbsolutePath() + "," + set.getFileName()));
      }
    }
    return Files.write(folder.resolve("all-%d.csv".formatted(lines.size())), lines);
  }
}
