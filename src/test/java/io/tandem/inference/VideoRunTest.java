package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code infer} on videos. */
@Tag("spark")
final class VideoRunTest {
  private static final Path CLIP = Paths.VIDEOS.resolve("gop12.mp4");
  private static final String ROWS =
      """
      SELECT replace(path, '%s', '') path, frame_index, frame_number, pts_us, length, label,
             ROUND(probability, 4), transform(top_k, k -> k.label), error
      FROM rows ORDER BY frame_index""";

  @TempDir Path folder;

  private RunReader infer(Path frames, String out, String... settings) {
    Call call = Tandem.infer().frames(frames).output(folder.resolve(out)).set(settings).run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    return new RunReader(folder.resolve(out));
  }

  @Test
  void rowsOfOneTwoOrSevenSegments_areIdentical() {
    RunReader one = infer(CLIP, "one", "frames.video.segment=1h", "infer.lanes=1");
    RunReader two = infer(CLIP, "two", "frames.video.segment=1.9s", "infer.frames-per-task=12");
    RunReader seven = infer(CLIP, "seven", "frames.video.segment=0s", "infer.frames-per-task=12");
    assertThat(List.of(tasks(one), tasks(two), tasks(seven))).containsExactly(1L, 2L, 7L);
    List<Row> rows = one.predictions(ROWS.formatted(""));
    assertThat(rows).hasSize(84);
    assertThat(two.predictions(ROWS.formatted(""))).isEqualTo(rows);
    RunReader helped = infer(CLIP, "helped", "lane.decode-threads=2", "lane.read-ahead=3");
    assertThat(helped.predictions(ROWS.formatted(""))).isEqualTo(rows);
    assertThat(seven.predictions(ROWS.formatted(""))).isEqualTo(rows);
    for (int i = 0; i < rows.size(); i++) {
      assertThat(rows.get(i).getInt(1)).isEqualTo(i);
      assertThat(rows.get(i).getLong(2)).isEqualTo(i);
      assertThat(rows.get(i).getLong(3)).isEqualTo(40_000L * i);
    }
  }

  private static long tasks(RunReader run) {
    return run.predictions("SELECT COUNT(DISTINCT task_attempt) FROM rows").get(0).getLong(0);
  }

  @Test
  void labelsOfTheBundledClip_areThoseOfItsFramesAsImages() {
    RunReader video = infer(Paths.VIDEO, "video", "frames.video.limit=100");
    RunReader images = infer(Paths.FRAMES, "images");
    String labels =
        "SELECT label, probability - top_k[1].probability lead FROM rows ORDER BY frame_index";
    List<Row> ofVideo = video.predictions(labels);
    List<Row> ofImages = images.predictions(labels);
    assertThat(ofVideo).hasSameSizeAs(ofImages).hasSize(100);
    int untied = 0;
    for (int i = 0; i < ofVideo.size(); i++) {
      // The images are JPEGs of the same pictures: probabilities differ by a few thousandths.
      if (ofImages.get(i).getFloat(1) > 0.02) {
        untied++;
        assertThat(ofVideo.get(i).getString(0)).isEqualTo(ofImages.get(i).getString(0));
      }
    }
    assertThat(untied).isGreaterThan(50);
  }

  @Test
  void badFiles_areOneRowEach_andHarmNoOthers() throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    for (String name :
        List.of("audio-only.mp4", "cover.m4v", "playlist.mp4", "concat.mkv", "hdr.mp4")) {
      Files.copy(Paths.VIDEOS.resolve(name), files.resolve(name));
    }
    Files.copy(Paths.PHOTOS.resolve("rocket.jpg"), files.resolve("image.mp4"));
    Files.copy(Paths.VIDEOS.resolve("prores.mov"), files.resolve("video.jpg"));
    Files.createFile(files.resolve("empty.mp4"));
    Files.writeString(files.resolve("text.mp4"), "no video at all ".repeat(1000));
    part("open-gop.mp4", 10_000, files.resolve("no-index.mp4"));
    part("gop12.mp4", 20_000, files.resolve("truncated.mp4"));
    part("open-gop.mkv", 9_000, files.resolve("truncated.mkv"));
    Files.copy(Paths.PHOTOS.resolve("rocket.jpg"), files.resolve("whole.jpg"));
    Files.copy(Paths.VIDEOS.resolve("vfr.mp4"), files.resolve("whole.mp4"));

    RunReader run = infer(files, "bad");
    TreeMap<String, String> errors = new TreeMap<>();
    run.predictions(
            """
            SELECT substring_index(path, '/', -1), COUNT(*), MIN(error), COUNT_IF(error IS NULL)
            FROM rows WHERE NOT (error <=> NULL) OR path LIKE '%whole%' OR true GROUP BY path""")
        .forEach(
            row ->
                errors.put(
                    row.getString(0),
                    "%d rows, %d whole: %s"
                        .formatted(row.getLong(1), row.getLong(3), row.getString(2))));
    assertThat(errors)
        .hasSize(14)
        .containsEntry("audio-only.mp4", "1 rows, 0 whole: has no video")
        .containsEntry("cover.m4v", "1 rows, 0 whole: has no video")
        .containsEntry("empty.mp4", "1 rows, 0 whole: the file is empty")
        .containsEntry(
            "image.mp4",
            "1 rows, 0 whole: is not a video, but an image (JPEG) with the name of a video")
        .containsEntry("whole.jpg", "1 rows, 1 whole: null")
        .containsEntry("whole.mp4", "24 rows, 24 whole: null");
    for (String name : List.of("playlist.mp4", "concat.mkv")) {
      assertThat(errors.get(name)).startsWith("1 rows, 0 whole: ").contains("not followed");
    }
    assertThat(errors.get("hdr.mp4")).startsWith("1 rows, 0 whole: has HDR colours (PQ)");
    assertThat(errors.get("video.jpg")).startsWith("1 rows, 0 whole: not an image, but a video");
    assertThat(errors.get("text.mp4")).startsWith("1 rows, 0 whole: not a whole video: ");
    assertThat(errors.get("no-index.mp4")).startsWith("1 rows, 0 whole: not a whole video: moov");
    assertThat(errors.get("truncated.mp4"))
        .isEqualTo(
            "46 rows, 45 whole: truncated: its header lists 84 frames, and the file ends before the last 39");
    assertThat(errors.get("truncated.mkv"))
        .isEqualTo("21 rows, 20 whole: damaged after 20 frames: File ended prematurely");
  }

  private static void part(String clip, int bytes, Path to) throws IOException {
    Files.write(to, Arrays.copyOf(Files.readAllBytes(Paths.VIDEOS.resolve(clip)), bytes));
  }

  @Test
  void corruptStretch_endsAtAKeyframe_andIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(CLIP);
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 1_500, (byte) 0x55);
    Path corrupt = Files.write(folder.resolve("corrupt.mp4"), bytes);
    RunReader run = infer(corrupt, "corrupt", "frames.video.segment=0s");
    RunReader whole = infer(CLIP, "whole");
    List<Row> lost =
        run.predictions(
            "SELECT frame_number, pts_us, error FROM rows WHERE error IS NOT NULL ORDER BY pts_us");
    assertThat(lost).isNotEmpty().hasSizeLessThan(30);
    assertThat(lost).allMatch(row -> row.getString(2).startsWith("damaged video from "));
    assertThat(lost.get(lost.size() - 1).getLong(0) % 12).isEqualTo(11);
    String good =
        "SELECT pts_us, frame_number, label FROM rows WHERE error IS NULL ORDER BY pts_us";
    List<Row> rest = run.predictions(good);
    assertThat(rest).hasSize(84 - lost.size());
    assertThat(whole.predictions(good)).containsAll(rest);
  }

  @Test
  void numbersAfterDamage_areUnknown_whereTheContainerDoesNotSay() throws IOException {
    byte[] bytes = Files.readAllBytes(Paths.VIDEOS.resolve("open-gop.ts"));
    Arrays.fill(bytes, 12_000, 13_500, (byte) 0x55);
    Path corrupt = Files.write(folder.resolve("corrupt.ts"), bytes);
    List<Row> rows =
        infer(corrupt, "corrupt")
            .predictions(
                "SELECT frame_number, pts_us, error FROM rows WHERE pts_us IS NOT NULL ORDER BY pts_us");
    List<Row> whole =
        infer(Paths.VIDEOS.resolve("open-gop.ts"), "whole")
            .predictions("SELECT frame_number, pts_us FROM rows ORDER BY pts_us");
    assertThat(rows.get(0).isNullAt(0)).isFalse();
    assertThat(rows.get(rows.size() - 1).isNullAt(0)).isTrue();
    assertThat(rows.get(rows.size() - 1).getLong(1))
        .isEqualTo(whole.get(whole.size() - 1).getLong(1));
    assertThat(rows).anyMatch(row -> !row.isNullAt(2));
    assertThat(rows).filteredOn(row -> row.isNullAt(2)).hasSizeGreaterThan(15);
  }

  @Test
  void frames_areChosenBySettings_andByColumnsOfAManifest() throws IOException {
    assertThat(times(infer(CLIP, "every", "frames.video.every=30"))).containsExactly(0., 1.2, 2.4);
    assertThat(times(infer(CLIP, "fps", "frames.video.fps=2")))
        .containsExactly(0., 0.52, 1., 1.52, 2., 2.52, 3.);
    assertThat(times(infer(CLIP, "keys", "frames.video.keyframes-only=true")))
        .containsExactly(0., 0.48, 0.96, 1.44, 1.92, 2.4, 2.88);
    assertThat(times(infer(CLIP, "range", "frames.video.start=1s", "frames.video.end=1.1s")))
        .containsExactly(1., 1.04, 1.08);
    assertThat(times(infer(CLIP, "limit", "frames.video.limit=2", "frames.limit=9")))
        .containsExactly(0., 0.04);

    Path manifest =
        Files.writeString(
            folder.resolve("clips.csv"),
            "path,camera,start,end\n%1$s/gop12.mp4,a,3.28,\n%1$s/vfr.mp4,b,,0.2\n%1$s/hevc.mp4,c,x,\n%1$s/gop12.mp4,d,0,0.05\n"
                .formatted(Paths.VIDEOS.toAbsolutePath()),
            StandardCharsets.UTF_8);
    Call call =
        Tandem.infer()
            .output(folder.resolve("manifest"))
            .set("frames.path=null", "frames.manifest=" + manifest)
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(
            new RunReader(folder.resolve("manifest"))
                .predictions(
                    "SELECT manifest.camera, pts_us / 1e6, error FROM rows ORDER BY frame_index")
                .toString())
        .isEqualTo(
            "[[a,3.28,null], [a,3.32,null], [b,0.0,null], [b,0.12,null],"
                + " [c,null,the manifest's start = x is no time in seconds, from 0 on],"
                + " [d,0.0,null], [d,0.04,null]]");
  }

  private static List<Double> times(RunReader run) {
    return run
        .predictions("SELECT pts_us / 1e6 FROM rows WHERE error IS NULL ORDER BY frame_index")
        .stream()
        .map(row -> row.getDouble(0))
        .toList();
  }
}
