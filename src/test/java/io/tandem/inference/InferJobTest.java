package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.RunReader;
import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.Settings;
import io.tandem.frame.FrameDecoder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The infer command on real Spark, in local mode, with the bundled model. */
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
    Call call = infer(Paths.PHOTOS, out);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out())
        .containsPattern("coffee.png +espresso 0.\\d\\d, ")
        .containsPattern("4 frames, 0 failed; .* frames/s")
        .contains("Written to " + out + ": predictions/");
    Map<String, Row> rows = byName(out);
    assertThat(label(rows, "chelsea-cat.png")).isIn("Egyptian cat", "tabby", "tiger cat");
    assertThat(label(rows, "coffee.png")).isIn("espresso", "cup");
    assertThat(label(rows, "rocket.jpg")).isIn("missile", "space shuttle");
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

    Call call = infer(folder.resolve("frames"), folder.resolve("out"));
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, Row> rows = byName(folder.resolve("out"));
    assertThat(rows).hasSize(25).doesNotContainKey("notes.txt");
    assertThat(call.out()).contains("25 frames, 6 failed; ");

    String plain = label(rows, "plain.png");
    for (String alike :
        List.of(
            "plain.jpg",
            "plain.webp",
            "cmyk.jpg",
            "sixteen-bit.png",
            "exif-rotated.jpg",
            "with spaces, äöü & 100%.jpg")) {
      assertThat(label(rows, alike)).as(alike).isEqualTo(plain);
    }
    assertThat(label(rows, "grey.jpg")).isEqualTo(label(rows, "grey-rgb.jpg"));
    for (String harmless : List.of("one-pixel.png", "huge.jpg")) {
      assertThat(label(rows, harmless)).as(harmless).isNotEmpty();
    }
    for (Map.Entry<String, Row> row : rows.entrySet()) {
      boolean bad = BAD.contains(row.getKey());
      assertThat(row.getValue().isNullAt(2)).as(row.getKey()).isEqualTo(!bad);
      assertThat(row.getValue().isNullAt(1)).as(row.getKey()).isEqualTo(bad);
    }
    for (String bad : BAD) {
      assertThat(call.out())
          .containsPattern(bad + " +" + Pattern.quote(row(rows, bad).getString(2)));
    }
  }

  @Test
  void columns_holdTheTimingsOfFrameAndBatch() {
    Path out = folder.resolve("out");
    Call call =
        infer(Paths.FRAMES, out, "frames.limit=11", "infer.frames-per-task=11", "output.top-k=3");
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Row> rows =
        new RunReader(out).predictions(
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
            new RunReader(folder.resolve(out)).predictions(
                "SELECT path, label FROM rows ORDER BY path");
    infer(Paths.FRAMES, folder.resolve("a"), "frames.limit=23", "infer.batch-size=1");
    infer(
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
  void run_leavesItsSettingsAndEnvironment() throws IOException {
    Path out = folder.resolve("out");
    infer(Paths.PHOTOS, out, "infer.batch-size=2");
    assertThat(Files.readString(out.resolve("settings.conf")))
        .contains("batch-size=2")
        .doesNotContain("#");
    assertThat(Files.readString(out.resolve("environment.json")))
        .contains("\"engine\" : \"DJL PyTorch 2.7.1\"")
        .contains("\"frames\" : 4");
    Call again = Tandem.command("summarize").with(out).run();
    assertThat(again.exitCode()).isZero();
    assertThat(again.out()).contains("4 frames, 0 failed; ");
  }

  @Test
  void summaryOfTheTasksReports_isThatOfTheColumns() throws IOException {
    Path out = folder.resolve("out");
    Path frames = Files.createDirectories(folder.resolve("mixed"));
    for (int i = 1; i <= 30; i++) {
      Files.copy(
          i % 2 == 0
              ? Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i))
              : Paths.IMAGES.resolve("truncated.jpg"),
          frames.resolve("%02d.jpg".formatted(i)));
    }
    Call call = infer(frames, out, "infer.frames-per-task=4", "output.commit-frames=12");
    assertThat(call.out()).contains("30 frames, 15 failed; ").contains("  ... the others have");
    Call again = Tandem.command("summarize").with(out).run();
    assertThat(linesOf(again)).isEqualTo(linesOf(call)).hasSizeGreaterThan(16);
  }

  private static List<String> linesOf(Call call) {
    return call.out().lines().filter(line -> !line.startsWith("Written to")).toList();
  }

  @Test
  void taskThatIsTriedAgain_countsOnce() throws IOException {
    Path manifest = folder.resolve("manifest.csv");
    StringBuilder rows = new StringBuilder("path\n");
    for (int i = 1; i <= 16; i++) {
      rows.append(TestFileSystem.url(Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i))));
      rows.append('\n');
    }
    Files.writeString(manifest, rows);
    Settings settings =
        Tandem.settings(
            "frames.manifest=" + manifest,
            "infer.frames-per-task=8",
            "output.path=" + folder.resolve("out"));
    AtomicInteger broken = new AtomicInteger();
    TestFileSystem.OPENINGS.put(
        "bigbuckbunny-0012.jpg",
        () -> {
          if (broken.incrementAndGet() == 1) {
            throw new UnsupportedOperationException("once");
          }
        });
    System.setProperty("spark.master", "local[2,2]");
    System.setProperty("spark.hadoop.fs.test.impl", TestFileSystem.class.getName());
    try (InferJob job = new InferJob(settings, new SilentProgress())) {
      job.run(
          summary -> {
            assertThat(broken).hasValueGreaterThan(1);
            assertThat(summary.frames()).isEqualTo(16);
            assertThat(summary.tasks().count()).isEqualTo(2);
          });
    } finally {
      System.clearProperty("spark.master");
      System.clearProperty("spark.hadoop.fs.test.impl");
      TestFileSystem.reset();
    }
    assertThat(Rows.of(folder.resolve("out/predictions").toString(), "SELECT * FROM rows"))
        .hasSize(16);
  }

  @Test
  void jpegLibrary_isNamedAndRecorded_andNoLabelDependsOnIt() throws IOException {
    Map<String, String> labels = new TreeMap<>();
    for (String library : List.of("ffmpeg", "auto")) {
      Path out = folder.resolve(library);
      Call call = infer(Paths.PHOTOS, out, "frames.jpeg-library=" + library);
      boolean turbo = library.equals("auto") && FrameDecoder.turboJpegFile().isPresent();
      String name = turbo ? "libjpeg-turbo (libturbojpeg" : "FFmpeg ";
      assertThat(call.err().lines().findFirst().orElseThrow()).contains(", JPEG by " + name);
      assertThat(Files.readString(out.resolve("environment.json")))
          .contains("\"jpeg_decoder\" : \"" + name);
      assertThat(Files.readString(out.resolve("settings.conf")))
          .contains("jpeg-library=" + (turbo ? "turbojpeg" : "ffmpeg"));
      byName(out)
          .forEach(
              (file, row) ->
                  assertThat(labels.computeIfAbsent(file, f -> row.getString(1)))
                      .as(file)
                      .isEqualTo(row.getString(1)));
    }
  }

  @Test
  void trace_isMadeOnDemand() {
    Path out = folder.resolve("out");
    assertThat(infer(Paths.PHOTOS, out).exitCode()).isZero();
    assertThat(out.resolve("trace.json.gz")).doesNotExist();
    assertThat(Tandem.command("summarize").with(out).run().out()).contains("trace.json.gz");
    assertThat(out.resolve("trace.json.gz")).exists();
    Path traced = folder.resolve("traced");
    assertThat(infer(Paths.PHOTOS, traced, "output.trace=true").exitCode()).isZero();
    assertThat(traced.resolve("trace.json.gz")).exists();
  }

  @Test
  void noGoodFrame_failsTheJob() {
    Call call = infer(Paths.IMAGES.resolve("truncated.jpg"), folder.resolve("out"));
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
    assertThat(label(byName(out), "chelsea-cat.png")).isIn("one", "three");
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
    Call call = infer(frames, out, "model.path=" + Paths.MODELS.resolve("planes").toAbsolutePath());
    assertThat(call.exitCode()).as(call.err()).isZero();
    Map<String, Row> rows = byName(out);
    assertThat(rows).hasSize(6);
    rows.forEach(
        (name, row) -> assertThat(row.getString(1)).isEqualTo(name.replaceFirst("\\..*", "")));
  }

  @Test
  void auto_withLittleWork_keepsTheDefaults() throws IOException {
    Path out = folder.resolve("out");
    Call call = infer(Paths.PHOTOS, out, "infer.batch-size=auto", "infer.intra-op-threads=auto");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .startsWith("too little work to search for better settings: 4 frames take about 0 s");
    assertThat(Files.readString(out.resolve("settings.conf")))
        .contains("batch-size=4")
        .contains("intra-op-threads=1");
  }

  @Test
  void auto_withEnoughWork_triesSettings_andWritesWhatItTook() throws IOException {
    Path out = folder.resolve("out");
    // Of a second's work so many times as much: time for all settings, on whichever machine.
    Call call = infer(Paths.FRAMES, out, "infer.batch-size=auto", "infer.search-share=10000");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .containsPattern("  batch 4, 1 thread a lane: \\d+\\.\\d frames/s")
        .containsPattern("  batch 8, 1 thread a lane: \\d+\\.\\d frames/s");
    Matcher took = Pattern.compile("search took batch (\\d+), 1 thread a lane").matcher(call.err());
    assertThat(took.find()).isTrue();
    assertThat(Files.readString(out.resolve("settings.conf")))
        .contains("batch-size=" + took.group(1));
    assertThat(Path.of(out + ".search")).doesNotExist();
    assertThat(new RunReader(out).predictions( "SELECT * FROM rows")).hasSize(100);
  }

  private static Call infer(Path frames, Path out, String... pairs) {
    return Tandem.infer().frames(frames).output(out).set(pairs).run();
  }

  /** Path's last part, label, error: by that last part. */
  private static Map<String, Row> byName(Path out) {
    return new RunReader(out).predictions(
            "SELECT substring_index(path, '/', -1), label, error FROM rows")
        .stream()
        .collect(Collectors.toMap(row -> row.getString(0), row -> row, (a, b) -> a, TreeMap::new));
  }

  private static String label(Map<String, Row> rows, String name) {
    return row(rows, name).getString(1);
  }

  private static Row row(Map<String, Row> rows, String name) {
    return Objects.requireNonNull(rows.get(name), name);
  }
}
