package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The infer command on real Spark, in local mode, with the bundled model. */
@Tag("spark")
final class InferJobTest {
  private static final List<String> BAD =
      List.of(
          "claims-60000.jpg",
          "empty.jpg",
          "text.jpg",
          "truncated-late.jpg",
          "truncated.jpg",
          "truncated.png");

  @TempDir Path folder;

  @Test
  void photos_getTheirLabels() {
    Path out = folder.resolve("out");
    Call call = Inferred.infer(Paths.PHOTOS, out);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .containsPattern("coffee.png +espresso 0.\\d\\d, ")
        .containsPattern("4 frames, 0 failed; .* frames/s")
        .contains("Written to " + out + ": predictions/");
    Map<String, Row> rows = Inferred.byName(out);
    assertThat(Inferred.label(rows, "chelsea-cat.png")).isIn("Egyptian cat", "tabby", "tiger cat");
    assertThat(Inferred.label(rows, "coffee.png")).isIn("espresso", "cup");
    assertThat(Inferred.label(rows, "rocket.jpg")).isIn("missile", "space shuttle");
  }

  @Test
  void everyKindOfImage_isPredictedAsItsPlainTwin_andBadOnesAreErrorRows() throws IOException {
    Path frames = Files.createDirectories(folder.resolve("frames").resolve("below"));
    try (var files = Files.newDirectoryStream(Paths.IMAGES)) {
      for (Path file : files) {
        Files.copy(file, frames.resolve(file.getFileName().toString()));
      }
    }
    Files.copy(Paths.IMAGES.resolve("plain.jpg"), frames.resolve("with spaces, äöü & 100%.jpg"));
    Files.writeString(frames.resolve("notes.txt"), "no frame");

    Call call = Inferred.infer(folder.resolve("frames"), folder.resolve("out"));
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, Row> rows = Inferred.byName(folder.resolve("out"));
    assertThat(rows).hasSize(25).doesNotContainKey("notes.txt");
    assertThat(call.out()).contains("25 frames, 6 failed; ");

    String plain = Inferred.label(rows, "plain.png");
    for (String alike :
        List.of(
            "plain.jpg",
            "plain.webp",
            "cmyk.jpg",
            "sixteen-bit.png",
            "exif-rotated.jpg",
            "with spaces, äöü & 100%.jpg")) {
      assertThat(Inferred.label(rows, alike)).as(alike).isEqualTo(plain);
    }
    assertThat(Inferred.label(rows, "grey.jpg")).isEqualTo(Inferred.label(rows, "grey-rgb.jpg"));
    for (String harmless : List.of("one-pixel.png", "huge.jpg")) {
      assertThat(Inferred.label(rows, harmless)).as(harmless).isNotEmpty();
    }
    for (Map.Entry<String, Row> row : rows.entrySet()) {
      boolean bad = BAD.contains(row.getKey());
      assertThat(row.getValue().isNullAt(2)).as(row.getKey()).isEqualTo(!bad);
      assertThat(row.getValue().isNullAt(1)).as(row.getKey()).isEqualTo(bad);
    }
    for (String bad : BAD) {
      assertThat(call.out())
          .containsPattern(bad + " +" + Pattern.quote(Inferred.row(rows, bad).getString(2)));
    }
  }

  @Test
  void columns_holdTheTimingsOfFrameAndBatch() {
    Path out = folder.resolve("out");
    Call call =
        Inferred.infer(
            Paths.FRAMES, out, "frames.limit=11", "infer.frames-per-task=11", "output.top-k=3");
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Row> rows =
        new RunReader(out)
            .predictions(
                """
            SELECT frame_index, size(top_k), batch, batch_size, device, read_us > 0,
                   decode_at_us >= read_us, decode_us > 0, forward_us > 0,
                   abs(forward_at_us - (decode_at_us + decode_us + wait_us)) <= 3,
                   output_at_us >= forward_at_us + forward_us,
                   started_us BETWEEN unix_micros(now()) - 600000000 AND unix_micros(now()),
                   label = top_k[0].label AND probability = top_k[0].probability
                     AND top_k[0].probability >= top_k[1].probability,
                   trial IS NULL AND round IS NULL AND pass = 0, executor, lane
            FROM rows ORDER BY frame_index
            """);
    assertThat(rows).hasSize(11);
    for (int i = 0; i < 11; i++) {
      Row row = rows.get(i);
      assertThat(row.getInt(0)).isEqualTo(i);
      assertThat(row.getInt(1)).isEqualTo(3);
      assertThat(row.getInt(2)).isEqualTo(i / 4);
      assertThat(row.getInt(3)).isEqualTo(i < 8 ? 4 : 3);
      assertThat(row.getString(4)).isEqualTo("cpu");
      for (int c = 5; c <= 13; c++) {
        assertThat(row.getBoolean(c)).as("column %d of %s", c, row).isTrue();
      }
      assertThat(row.getString(14)).isEqualTo("driver");
      assertThat(row.getInt(15)).isZero();
    }
  }

  @Test
  void batchesAndTasks_changeNoAnswer() {
    Function<String, List<Row>> labels =
        out ->
            new RunReader(folder.resolve(out))
                .predictions("SELECT path, label FROM rows ORDER BY path");
    Inferred.infer(Paths.FRAMES, folder.resolve("a"), "frames.limit=23", "infer.batch-size=1");
    Inferred.infer(
        Paths.FRAMES,
        folder.resolve("b"),
        "frames.limit=23",
        "infer.batch-size=5",
        "infer.frames-per-task=7",
        "infer.intra-op-threads=2",
        "infer.model-scope=task",
        "output.commit-frames=10");
    assertThat(labels.apply("a")).hasSize(23).isEqualTo(labels.apply("b"));
  }

  @Test
  void noGoodFrame_failsTheJob() {
    Call call = Inferred.infer(Paths.IMAGES.resolve("truncated.jpg"), folder.resolve("out"));
    assertThat(call.exitCode()).isEqualTo(1);
    assertThat(call.err()).endsWith("No frame could be predicted.\n");
    assertThat(call.out()).contains("1 frame, 1 failed; ").contains(": 0.0 frames/s");
  }

  @Test
  void ownModel_isUsedByItsProperties() {
    Path out = folder.resolve("out");
    Call call =
        Tandem.infer()
            .frames(Paths.PHOTOS.resolve("chelsea-cat.png"))
            .model(Paths.MODELS.resolve("mobilenet-float"))
            .output(out)
            .set("frames.fit=stretch")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    // What PyTorch says of Pillow's pixels, too.
    assertThat(Inferred.label(Inferred.byName(out), "chelsea-cat.png")).isEqualTo("zero");
  }

  @Test
  void modelThatTakesPlanes_getsThem() throws IOException {
    Path frames = Files.createDirectories(folder.resolve("colours"));
    Map<String, Integer> colours = Map.of("red", 0xe02010, "green", 0x20c030, "blue", 0x1040f0);
    for (Map.Entry<String, Integer> colour : colours.entrySet()) {
      BufferedImage image = new BufferedImage(50, 40, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 50 * 40; i++) {
        image.setRGB(i % 50, i / 50, colour.getValue());
      }
      ImageIO.write(image, "png", frames.resolve(colour.getKey() + ".png").toFile());
      ImageIO.write(image, "jpg", frames.resolve(colour.getKey() + ".jpg").toFile());
    }
    Path out = folder.resolve("out");
    Call call =
        Inferred.infer(
            frames, out, "model.path=" + Paths.MODELS.resolve("planes").toAbsolutePath());
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, Row> rows = Inferred.byName(out);
    assertThat(rows).hasSize(6);
    rows.forEach(
        (name, row) -> assertThat(row.getString(1)).isEqualTo(name.replaceFirst("\\..*", "")));
  }
}
