package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.benchmark.InferSearch;
import io.tandem.conf.Settings;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.PredictionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands with a manifest, on real Spark, in local mode, with the bundled model. */
@Tag("spark")
final class ManifestRunTest {
  @TempDir Path folder;

  @Test
  void infer_writesTheManifestsColumns_whateverTheirNames() throws IOException {
    Path manifest =
        Files.writeString(
            folder.resolve("m.jsonl"),
            """
            {"file": "rocket.jpg", "camera": "0042", "label": "x", "path": 1, "error": {"device": true}}
            {"file": "gone.jpg", "camera": "0007"}
            {"file": "coffee.png", "camera": "0042", "path": 3}
            {"file": "./rocket.jpg", "camera": "again"}
            """);
    Path out = folder.resolve("out");
    Call call =
        tandem(
            "infer",
            manifest,
            out,
            "frames.manifest-column=file",
            "frames.path=" + Paths.PHOTOS.toAbsolutePath(),
            "output.commit-frames=2");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .contains("1 row of the manifest repeats a frame; omitted, and listed in duplicates.csv: ")
        .contains("1 of 3 frames cannot be found or opened, and becomes a row with an error: ")
        .contains("3 frames of m.jsonl, model ");
    assertThat(call.out())
        .contains("3 frames, 1 failed; ")
        .containsPattern("gone.jpg +there is no such file");
    List<Row> rows =
        new RunReader(out)
            .predictions(
                """
            SELECT frame_index, substring_index(path, '/', -1), label IS NULL, error, length,
                   manifest.camera, manifest.label, manifest.path, manifest.error.device,
                   modified_at IS NULL
            FROM rows ORDER BY frame_index
            """);
    assertThat(rows.toString())
        .isEqualTo(
            "[[0,rocket.jpg,false,null,%d,0042,x,1,true,false], [1,gone.jpg,true,there is no such file,null,0007,null,null,null,true], [2,coffee.png,false,null,%d,0042,null,3,null,false]]"
                .formatted(
                    Files.size(Paths.PHOTOS.resolve("rocket.jpg")),
                    Files.size(Paths.PHOTOS.resolve("coffee.png"))));
    assertThat(Files.readString(out.resolve("duplicates.csv")))
        .isEqualTo("row,path\n4,file:%s/rocket.jpg\n".formatted(Paths.PHOTOS.toAbsolutePath()));
    assertThat(Files.readString(out.resolve("environment.json")))
        .contains("\"rows\" : 4")
        .contains("\"duplicates\" : 1")
        .contains("\"missing\" : 1");
    Call again = Tandem.command("summarize").with(out).run();
    assertThat(again.out()).as(again.err()).contains("3 frames, 1 failed; ");
  }

  @Test
  void infer_withNoOtherColumns_writesThoseThatItAlwaysDid() throws IOException {
    Path manifest = folder.resolve("m.csv");
    Path photo = Paths.PHOTOS.resolve("rocket.jpg").toAbsolutePath();
    Files.writeString(
        manifest, "path,length\ngone.jpg,10\n%s,%d\n".formatted(photo, Files.size(photo)));
    Path out = folder.resolve("out");
    Call call = tandem("infer", manifest, out);
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.out()).containsPattern("gone.jpg +there is no such file");
    assertThat(out.resolve("duplicates.csv")).doesNotExist();
    assertThat(columns(out))
        .containsExactly(PredictionTable.of(TaskTypes.named(null)).schema().fieldNames());
    Path listed = folder.resolve("listed");
    assertThat(Tandem.infer().frames(photo).output(listed).run().exitCode()).isZero();
    assertThat(columns(listed))
        .containsExactly(PredictionTable.of(TaskTypes.named(null)).schema().fieldNames());
    assertThat(Files.readString(listed.resolve("environment.json")))
        .contains("\"manifest\" : null");
  }

  @Test
  void longPathsAndValues_areRows_andShownShortened() throws IOException {
    String path = "x".repeat(100_000);
    Path manifest =
        Files.writeString(
            folder.resolve("m.csv"), "path,%s\n%s,1\nrocket.jpg,%s\n".formatted(path, path, path));
    Path out = folder.resolve("out");
    Call call = tandem("infer", manifest, out, "frames.path=" + Paths.PHOTOS.toAbsolutePath());
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat((call.out() + call.err()).lines()).allMatch(line -> line.length() <= 2_000);
    assertThat(
            new RunReader(out)
                .predictions("SELECT length(path) > 100000, error IS NULL FROM rows ORDER BY 1")
                .toString())
        .isEqualTo("[[false,true], [true,false]]");
  }

  @Test
  void numbersOfFrames_mayBeTheLargestThereAre() throws IOException {
    Path manifest = Files.writeString(folder.resolve("m.csv"), "path\nrocket.jpg\ncoffee.png\n");
    for (String source : List.of("frames.manifest=" + manifest, "frames.limit=2")) {
      Path out = folder.resolve("out" + source.length());
      Call call =
          Tandem.infer()
              .frames(Paths.PHOTOS.toAbsolutePath())
              .output(out)
              .set(source, "output.commit-frames=2147483647", "infer.frames-per-task=2147483647")
              .run();
      assertThat(call.exitCode()).as(call.err()).isZero();
      assertThat(call.out()).contains("2 frames, 0 failed; ");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void frameThatCannotBeOpened_isItsOwnError_andTheOthersArePredicted(boolean lengths)
      throws IOException {
    Files.copy(Paths.PHOTOS.resolve("coffee.png"), folder.resolve("09:15:05.png"));
    long length = Files.size(folder.resolve("09:15:05.png"));
    StringBuilder rows = new StringBuilder(lengths ? "path,length\n" : "path\n");
    for (String path :
        List.of(
            folder + "/09:15:05.png",
            "s3a://my_bucket/x.jpg",
            "http://127.0.0.1:1/x.jpg",
            "abfss://frames@account.dfs.core.windows.net/x.jpg",
            "nonsense://x",
            "a\u0001b.jpg",
            "file:" + folder + "/09:15:05.png?x=1",
            "frames@:80/x.jpg")) {
      rows.append(path).append(lengths ? "," + length : "").append('\n');
    }
    Path manifest = Files.writeString(folder.resolve("m.csv"), rows);
    Path out = folder.resolve("out");
    Call call = tandem("infer", manifest, out, "frames.manifest-column=path");
    assertThat(call.exitCode()).as(call.err()).isZero();
    List<Row> found =
        new RunReader(out).predictions("SELECT path, label, error FROM rows ORDER BY frame_index");
    assertThat(found).extracting(Row::mkString).hasSize(8);
    assertThat(found.get(0).getString(1)).isEqualTo("espresso");
    assertThat(found.get(2).getString(2)).isEqualTo("addresses of the web are not read");
    assertThat(found.subList(1, 8)).allSatisfy(row -> assertThat(row.getString(2)).isNotBlank());
  }

  @Test
  void infer_searchesAmongTheFramesThatAreThere() throws IOException {
    StringBuilder text = new StringBuilder("path,camera\ngone.jpg,0\n");
    for (int i = 1; i <= 12; i++) {
      text.append("bigbuckbunny-%04d.jpg,%d\n".formatted(i, i));
    }
    Path manifest = Files.writeString(folder.resolve("m.csv"), text.toString());
    Path out = folder.resolve("out");
    SilentProgress progress = new SilentProgress();
    Settings settings =
        Tandem.settings(
            "frames.manifest=" + manifest,
            "frames.path=" + Paths.FRAMES.toAbsolutePath(),
            "infer.intra-op-threads=auto",
            "output.path=" + out);
    // As if there were much more work: time for all settings, on whichever machine.
    Settings found =
        InferSearch.resolve(settings.withInfer(settings.infer().withSearchShare(10_000)), progress);
    try (InferJob job = new InferJob(found, progress)) {
      job.run(
          summary -> {
            assertThat(summary.frames()).isEqualTo(13);
            assertThat(summary.failed()).isEqualTo(1);
          });
    }
    assertThat(String.join("\n", progress.said()))
        .containsOnlyOnce("1 of 13 frames cannot be found or opened, ")
        .contains("search chose ")
        .doesNotContain("eval()");
  }

  @Test
  void benchmark_keepsTheColumns_andItsFramesThatAreMissing_andItsResumeLooksAtThem()
      throws IOException {
    StringBuilder text = new StringBuilder("path,camera,device\n");
    for (int i = 1; i <= 5; i++) {
      text.append("bigbuckbunny-%04d.jpg,%04d,x\n".formatted(i, i));
    }
    Path manifest = folder.resolve("m.csv");
    Files.writeString(manifest, text + "gone.jpg,0006,x\nbigbuckbunny-0001.jpg,0007,x\n");
    Path out = folder.resolve("out");
    Call call =
        tandem(
            "benchmark",
            manifest,
            out,
            "frames.path=" + Paths.FRAMES.toAbsolutePath(),
            "benchmark.concurrency=[2]",
            "benchmark.rounds=2",
            "benchmark.min-seconds=0",
            "benchmark.warmup-seconds=0",
            "benchmark.warmup-batches=1",
            "benchmark.ceiling-seconds=0.1");
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err()).contains("6 frames of m.csv, ");
    assertThat(call.out()).contains("1 frame could not be read or decoded");
    assertThat(out.resolve("duplicates.csv")).exists();
    List<Row> rows =
        new RunReader(out)
            .predictions(
                """
            SELECT trial, round, count(*), count(error), min(manifest.camera), max(manifest.camera),
                   count_if(manifest.camera = lpad(frame_index + 1, 4, '0')),
                   count_if(manifest.device = 'x' AND device = 'cpu')
            FROM rows WHERE pass = 0 GROUP BY trial, round
            """);
    assertThat(rows).isNotEmpty();
    for (Row row : rows) {
      assertThat(row.toString()).endsWith("6,1,0001,0006,6,6]");
    }
    Files.writeString(manifest, text.toString().replace("device", "other") + "gone.jpg,0006,x\n");
    Call resumed = Tandem.resume(out).run();
    assertThat(resumed.exitCode()).isEqualTo(2);
    assertThat(resumed.err())
        .contains(
            "cannot be resumed: the list of the manifest's columns was [camera STRING, device STRING], and is [camera STRING, other STRING]");
  }

  @Test
  void moreLanesThanFramesThatAreThere_areRefused_andNothingIsWritten() throws IOException {
    Path manifest =
        Files.writeString(folder.resolve("m.csv"), "path\nbigbuckbunny-0001.jpg\ngone1\ngone2\n");
    Path out = folder.resolve("out");
    Call call =
        tandem(
            "benchmark",
            manifest,
            out,
            "frames.path=" + Paths.FRAMES.toAbsolutePath(),
            "benchmark.concurrency=[2]");
    assertThat(call.exitCode()).isEqualTo(2);
    assertThat(call.err()).contains("2 lanes need at least 2 frames, but there are 1; ");
    assertThat(out).doesNotExist();
  }

  @Test
  void wrongManifest_isRefusedInASentence_andNothingIsWritten() throws IOException {
    Path manifest =
        Files.writeString(folder.resolve("m.csv"), "path,n\nrocket.jpg,1\ncoffee.png\n");
    Path out = folder.resolve("out");
    for (String command : List.of("infer", "benchmark")) {
      Call call = tandem(command, manifest, out);
      assertThat(call.exitCode()).isEqualTo(2);
      assertThat(call.err())
          .isEqualTo(
              "row 2 of the manifest %s is malformed: coffee.png; fix it, or remove it (option --manifest)\n"
                  .formatted(manifest));
      assertThat(out).doesNotExist();
    }
  }

  private static Call tandem(String command, Path manifest, Path out, String... pairs) {
    return Tandem.command(command).with("--manifest", manifest).output(out).set(pairs).run();
  }

  private static String[] columns(Path run) {
    return new RunReader(run)
        .predictions("SELECT * FROM rows LIMIT 1")
        .get(0)
        .schema()
        .fieldNames();
  }
}
