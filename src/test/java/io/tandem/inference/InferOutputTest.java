package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.Rows;
import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.Settings;
import io.tandem.frame.FrameDecoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code infer} leaves in its folder, and counts. */
@Tag("spark")
final class InferOutputTest {
  @TempDir Path folder;

  @Test
  void run_leavesItsSettingsAndEnvironment() throws IOException {
    Path out = folder.resolve("out");
    Inferred.infer(Paths.PHOTOS, out, "infer.batch-size=2");
    assertThat(Files.readString(out.resolve("settings.conf")))
        .contains("batch-size=2")
        .doesNotContain("#");
    assertThat(Files.readString(out.resolve("environment.json")))
        .contains("\"engine\" : \"DJL PyTorch 2.7.1\"")
        .contains("\"count\" : 4");
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
    Call call = Inferred.infer(frames, out, "infer.frames-per-task=4", "output.commit-frames=12");
    assertThat(call.out())
        .contains("30 frames, 15 failed; ")
        .contains("  ... predictions/ has the other errors");
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
            throw new AssertionError("once");
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

  @ParameterizedTest
  @CsvSource({"fp32, exports/m.pt", "onnx-fp32, exports/below/m.onnx"})
  void modelInAFolderBelow_onAnotherFileSystem_isLoaded(String export, String file)
      throws IOException {
    Path model = folder.resolve("model");
    Path whole = model.resolve(file);
    Files.createDirectories(Objects.requireNonNull(whole.getParent()));
    String bundled = "efficientnet-lite0-" + export + file.substring(file.lastIndexOf('.'));
    Files.copy(Paths.EFFICIENTNET.resolve(bundled), whole);
    Files.copy(Paths.EFFICIENTNET.resolve("synset.txt"), model.resolve("synset.txt"));
    Files.writeString(
        model.resolve("serving.properties"),
        Files.readString(Paths.EFFICIENTNET.resolve("serving.properties"))
            .replaceFirst("(?m)^exports=.*", "exports=" + export)
            .replaceAll("(?m)^default\\..*", "")
            .replace("file=" + bundled, "file=" + file));
    System.setProperty("spark.hadoop.fs.test.impl", TestFileSystem.class.getName());
    try {
      Call call =
          Tandem.command("infer")
              .model(TestFileSystem.url(model))
              .frames(Paths.PHOTOS)
              .output(folder.resolve("out"))
              .set("engine.cache-dir=" + folder.resolve("cache"))
              .run();
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(call.out()).contains("4 frames, 0 failed; ");
    } finally {
      System.clearProperty("spark.hadoop.fs.test.impl");
    }
    try (Stream<Path> fetched = Files.walk(folder.resolve("cache/models"))) {
      assertThat(fetched).anyMatch(path -> path.endsWith(file));
    }
  }

  @Test
  void jpegLibrary_isNamedAndRecorded_andNoLabelDependsOnIt() throws IOException {
    Map<String, String> labels = new TreeMap<>();
    for (String library : List.of("ffmpeg", "auto")) {
      Path out = folder.resolve(library);
      Call call = Inferred.infer(Paths.PHOTOS, out, "frames.jpeg-library=" + library);
      boolean turbo = library.equals("auto") && FrameDecoder.turboJpegFile().isPresent();
      String name = turbo ? "libjpeg-turbo (libturbojpeg" : "FFmpeg ";
      assertThat(call.err().lines().findFirst().orElseThrow()).contains(", JPEG by " + name);
      assertThat(Files.readString(out.resolve("environment.json")))
          .contains("\"jpeg_decoder\" : \"" + name);
      assertThat(Files.readString(out.resolve("settings.conf")))
          .contains("jpeg-library=" + (turbo ? "turbojpeg" : "ffmpeg"));
      Inferred.byName(out)
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
    assertThat(Inferred.infer(Paths.PHOTOS, out).exitCode()).isZero();
    assertThat(out.resolve("trace.json.gz")).doesNotExist();
    assertThat(Tandem.command("summarize").with(out).run().out()).contains("trace.json.gz");
    assertThat(out.resolve("trace.json.gz")).exists();
    Path traced = folder.resolve("traced");
    assertThat(Inferred.infer(Paths.PHOTOS, traced, "output.trace=true").exitCode()).isZero();
    assertThat(traced.resolve("trace.json.gz")).exists();
  }
}
