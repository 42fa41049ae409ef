package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.frame.FrameException;
import io.tandem.frame.Picture;
import io.tandem.frame.PictureReader;
import io.tandem.telemetry.CpuFlags;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Image to image on real Spark, with the bundled network that enlarges frames. */
@Tag("spark")
final class ImageTaskTest {
  private static final Path GOLDEN = Paths.GOLDEN.resolve("superresolution");

  private static final String COLUMNS =
      "SELECT path, image_path, image_width, image_height, image_length, image_sha256, image, error"
          + " FROM rows ORDER BY path";

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"fp32", "bf16", "onnx-fp32"})
  void export_equalsTheOriginalRuntime(String export) throws Exception {
    // oneDNN computes bfloat16 on CPUs with AVX-512 only.
    Assumptions.assumeTrue(!export.equals("bf16") || CpuFlags.ofThisHost().contains("avx512bw"));
    Path frames = frames("frame-0001.png", "frame-0050.png");
    Path out = folder.resolve("out");
    Call call = superResolution(frames, out).set("model.export=" + export).run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .containsPattern("frame-0001.png +320 x 180 pixels, images/frame-0001-[0-9a-f]{12}.png")
        .contains("Written to " + out + ": predictions/, images/");
    List<Row> rows = new RunReader(out).predictions(COLUMNS);
    assertThat(rows).hasSize(2);
    for (Row row : rows) {
      byte[] file = Files.readAllBytes(out.resolve(row.getString(1)));
      assertThat(row.getLong(4)).isEqualTo(file.length);
      assertThat(row.getString(5)).isEqualTo(sha256(file));
      String golden = row.getString(0).replaceFirst(".*/(.*)\\.png", "$1-x2.png");
      assertThat(PictureReader.read(file).psnr(read(GOLDEN.resolve(golden))))
          .isGreaterThanOrEqualTo(50);
    }
    try (var files = Files.list(out.resolve("images"))) {
      assertThat(files).as("nothing beside the pictures").hasSize(2);
    }
  }

  @Test
  void framesOfSeveralSizes_areEachEnlarged_andABadOneIsItsRowsError() throws Exception {
    Path frames = frames("frame-0001.png", "frame-0050.png");
    Files.copy(Paths.IMAGES.resolve("truncated.png"), frames.resolve("frame-0002.png"));
    Files.copy(Paths.IMAGES.resolve("one-pixel.png"), frames.resolve("frame-0003.png"));
    Path out = folder.resolve("out");
    Call call = superResolution(frames, out).set("infer.frames-per-task=4").run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Row> rows = new RunReader(out).predictions(COLUMNS);
    assertThat(rows).extracting(row -> row.isNullAt(7)).containsExactly(true, false, true, true);
    assertThat(rows).extracting(row -> row.get(2)).containsExactly(320, null, 2, 320);
    assertThat(rows).extracting(row -> row.get(3)).containsExactly(180, null, 2, 180);
    assertThat(
            read(out.resolve(rows.get(3).getString(1)))
                .psnr(read(GOLDEN.resolve("frame-0050-x2.png"))))
        .isGreaterThan(50);
  }

  @Test
  void tiles_giveThePictureOfTheWholeFrame() throws Exception {
    Path frames = frames("frame-0001.png");
    Path out = folder.resolve("out");
    Call call =
        superResolution(frames, out)
            .set("model.properties.tile=100", "model.properties.tile.overlap=48")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    Row row = new RunReader(out).predictions(COLUMNS).get(0);
    Picture tiled = read(out.resolve(row.getString(1)));
    assertThat(tiled.psnr(read(GOLDEN.resolve("frame-0001-x2.png")))).isGreaterThan(60);
  }

  @Test
  void pictures_canBeInTheRows() throws Exception {
    Path out = folder.resolve("out");
    Call call =
        superResolution(frames("frame-0001.png"), out)
            .set("output.images=column", "output.image-format=jpg")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(out.resolve("images")).doesNotExist();
    Row row = new RunReader(out).predictions(COLUMNS).get(0);
    assertThat(row.isNullAt(1)).isTrue();
    assertThat(PictureReader.read(row.getAs(6)).psnr(read(GOLDEN.resolve("frame-0001-x2.png"))))
        .isGreaterThan(35);
  }

  @Test
  void wrongProperties_areRefusedInASentence_beforeAnyFrame() throws Exception {
    Path frames = frames("frame-0001.png");
    refused(
        frames,
        "model.properties.output.range=0..255",
        "if the model returns 0 to 1, write output.range=0..1",
        0);
    refused(
        frames,
        "model.properties.output.range=0..1.5",
        "a model's output.range is 0..1 or 0..255 or uint8, not: 0..1.5",
        2);
    refused(frames, "model.properties.task=classification", "the model at", 2);
    refused(
        frames,
        "model.properties.output.layout=nhwc",
        "write output.layout=nchw into its serving.properties",
        2);
    refused(
        frames,
        "model.properties.tile=7",
        "the model's tile is a number of at least 64, not: 7",
        2);
    refused(
        frames,
        "frames.fit=crop",
        "frames.fit = crop needs a size, and the model takes frames of any size",
        2);
    refused(
        frames,
        "model.properties.task=pictures",
        "a model's task is one of classification, image",
        2);
  }

  @Test
  void classifierAsImage_isRefusedInASentence() throws Exception {
    Call call =
        Tandem.infer()
            .model(Paths.EFFICIENTNET)
            .frames(frames("frame-0001.png"))
            .output(folder.resolve("out"))
            .set("model.properties.task=image", "model.properties.output.range=0..1")
            .run();
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err())
        .hasLineCount(1)
        .contains(
            "it returns [4, 1000] for a batch of 4, and a model with task=image returns pictures");
  }

  private void refused(Path frames, String pair, String why, int exitCode) throws IOException {
    Path out = folder.resolve("out-" + pair.hashCode());
    Call call = superResolution(frames, out).set(pair).run();
    assertThat(call.exitCode()).as(call.err()).isEqualTo(exitCode);
    assertThat(call.err()).contains(why);
    if (exitCode == 2) {
      assertThat(call.err()).hasLineCount(1);
      assertThat(out).doesNotExist();
    }
  }

  private static Tandem superResolution(Path frames, Path out) {
    return Tandem.infer()
        .model(Paths.SUPERRESOLUTION)
        .frames(frames)
        .output(out)
        .set("infer.batch-size=2");
  }

  private Path frames(String... names) throws IOException {
    Path frames = Files.createDirectories(folder.resolve("frames"));
    for (String name : names) {
      Files.copy(GOLDEN.resolve(name), frames.resolve(name));
    }
    return frames;
  }

  private static Picture read(Path file) throws IOException, FrameException {
    return PictureReader.read(Files.readAllBytes(file));
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }
}
