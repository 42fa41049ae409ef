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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code infer} on videos. */
@Tag("spark")
final class VideoRunTest {
  private static final Path CLIP = Paths.VIDEOS.resolve("gop12.mp4");
  private static final String ROWS =
      """
      SELECT path, frame_index, frame_number, pts_us, length, label,
             ROUND(probability, 4), transform(top_k, k -> k.label), error, task_attempt
      FROM rows ORDER BY frame_index""";
  private static final int LABEL = 5;
  private static final int TASK = 9;

  @TempDir Path folder;

  private RunReader infer(Path model, Path frames, String out, String... settings) {
    Call call =
        Tandem.infer().model(model).frames(frames).output(folder.resolve(out)).set(settings).run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    return new RunReader(folder.resolve(out));
  }

  private RunReader infer(Path frames, String out, String... settings) {
    return infer(Paths.SMALL_MODEL, frames, out, settings);
  }

  @Test
  void rowsOfOneTwoOrSevenSegments_areIdentical() {
    List<Row> one = rows("one", "frames.video.segment=1h", "infer.lanes=1");
    List<Row> two = rows("two", "frames.video.segment=1.9s", "infer.frames-per-task=12");
    List<Row> seven = rows("seven", "frames.video.segment=0s", "infer.frames-per-task=12");
    List<Row> helped = rows("helped", "lane.decode-threads=2", "lane.read-ahead=3");
    assertThat(List.of(tasks(one), tasks(two), tasks(seven))).containsExactly(1L, 2L, 7L);
    assertThat(one).hasSize(84);
    assertThat(one.stream().map(row -> row.get(LABEL)).distinct().count()).isGreaterThan(1);
    assertThat(withoutTasks(two)).isEqualTo(withoutTasks(one));
    assertThat(withoutTasks(seven)).isEqualTo(withoutTasks(one));
    assertThat(withoutTasks(helped)).isEqualTo(withoutTasks(one));
    for (int i = 0; i < one.size(); i++) {
      assertThat(one.get(i).getInt(1)).isEqualTo(i);
      assertThat(one.get(i).getLong(2)).isEqualTo(i);
      assertThat(one.get(i).getLong(3)).isEqualTo(40_000L * i);
    }
  }

  private List<Row> rows(String out, String... settings) {
    return infer(CLIP, out, settings).predictions(ROWS);
  }

  private static long tasks(List<Row> rows) {
    return rows.stream().map(row -> row.get(TASK)).distinct().count();
  }

  private static List<Row> withoutTasks(List<Row> rows) {
    return rows.stream()
        .map(row -> RowFactory.create(IntStream.range(0, TASK).mapToObj(row::get).toArray()))
        .toList();
  }

  /** {@link GoldenTest} compares the labels of the frames as images with the recorded ones. */
  @Test
  void labelsOfTheBundledClip_areThoseOfItsFramesAsImages() throws IOException {
    List<String> ofVideo =
        infer(Paths.EFFICIENTNET, Paths.VIDEO, "video", "frames.video.limit=100")
            .predictions("SELECT replace(label, ',', ';') FROM rows ORDER BY frame_index")
            .stream()
            .map(row -> row.getString(0))
            .toList();
    List<String> ofImages;
    try (Stream<String> lines = Files.lines(Paths.GOLDEN.resolve("labels.csv"))) {
      ofImages = lines.filter(line -> line.startsWith("turbojpeg-frames,")).sorted().toList();
    }
    assertThat(ofVideo).hasSameSizeAs(ofImages).hasSize(100);
    int untied = 0;
    for (int i = 0; i < ofVideo.size(); i++) {
      String[] best = ofImages.get(i).split(",", 4)[3].split("[|=]", 5);
      // The images are JPEGs of the same pictures: probabilities differ by a few thousandths.
      if (Float.parseFloat(best[1]) - Float.parseFloat(best[3]) > 0.02) {
        untied++;
        assertThat(ofVideo.get(i)).as("frame %d", i).isEqualTo(best[0]);
      }
    }
    assertThat(untied).isGreaterThan(50);
  }

  @Test
  void badFiles_areOneRowEach_andHarmNoOthers() throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    for (String name :
        List.of(
            "audio-only.mp4",
            "cover.m4v",
            "playlist.mp4",
            "concat.mkv",
            "hdr.mp4",
            "no-frames.mp4")) {
      Files.copy(Paths.VIDEOS.resolve(name), files.resolve(name));
    }
    Files.copy(Paths.PHOTOS.resolve("rocket.jpg"), files.resolve("image.mp4"));
    Files.copy(Paths.VIDEOS.resolve("prores.mov"), files.resolve("video.jpg"));
    Files.createFile(files.resolve("empty.mp4"));
    Files.writeString(files.resolve("text.mp4"), "no video at all ".repeat(1000));
    changed("avc1", 0, "zzzz", files.resolve("codec.mp4"));
    changed("stts", 12, "~~~~", files.resolve("count.mp4"));
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
            FROM rows GROUP BY path""")
        .forEach(
            row ->
                errors.put(
                    row.getString(0),
                    "%d rows, %d whole: %s"
                        .formatted(row.getLong(1), row.getLong(3), row.getString(2))));
    assertThat(errors)
        .hasSize(17)
        .containsEntry("no-frames.mp4", "1 rows, 0 whole: has a video without frames")
        .containsEntry(
            "codec.mp4",
            "1 rows, 0 whole: its codec zzzz has no decoder here; convert it, for example to H.264")
        .containsEntry(
            "count.mp4",
            "85 rows, 84 whole: truncated: its header lists 2,122,219,134 frames, and the file ends before the last 2,122,219,050")
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

  /** Copies a clip with other bytes at its last such box, or behind it. */
  private static void changed(String box, int behind, String bytes, Path to) throws IOException {
    byte[] clip = Files.readAllBytes(CLIP);
    int at = new String(clip, StandardCharsets.ISO_8859_1).lastIndexOf(box);
    byte[] others = bytes.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(others, 0, clip, at + behind, others.length);
    Files.write(to, clip);
  }

  private static void part(String clip, int bytes, Path to) throws IOException {
    Files.write(to, Arrays.copyOf(Files.readAllBytes(Paths.VIDEOS.resolve(clip)), bytes));
  }

  @Test
  void corruptStretch_endsAtAKeyframe_andIsNamed() throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    byte[] bytes = Files.readAllBytes(Files.copy(CLIP, files.resolve("whole.mp4")));
    Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 1_500, (byte) 0x55);
    Files.write(files.resolve("corrupt.mp4"), bytes);
    List<Row> rows =
        infer(files, "corrupt", "frames.video.segment=0s")
            .predictions(
                """
                SELECT pts_us, frame_number, label, error, path LIKE '%corrupt.mp4'
                FROM rows ORDER BY pts_us""");
    List<Row> corrupt = rows.stream().filter(row -> row.getBoolean(4)).toList();
    List<Row> lost = corrupt.stream().filter(row -> !row.isNullAt(3)).toList();
    assertThat(lost).isNotEmpty().hasSizeLessThan(30);
    assertThat(lost).allMatch(row -> row.getString(3).startsWith("damaged video from "));
    assertThat(lost.get(lost.size() - 1).getLong(1) % 12).isEqualTo(11);
    List<String> rest =
        corrupt.stream().filter(row -> row.isNullAt(3)).map(VideoRunTest::frame).toList();
    assertThat(rest).hasSize(84 - lost.size());
    List<String> whole =
        rows.stream().filter(row -> !row.getBoolean(4)).map(VideoRunTest::frame).toList();
    assertThat(whole).hasSize(84).containsAll(rest);
  }

  private static String frame(Row row) {
    return "%s %s %s".formatted(row.get(0), row.get(1), row.get(2));
  }

  @Test
  void numbersAfterDamage_areUnknown_whereTheContainerDoesNotSay() throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    Path clip = Files.copy(Paths.VIDEOS.resolve("open-gop.ts"), files.resolve("whole.ts"));
    byte[] bytes = Files.readAllBytes(clip);
    Arrays.fill(bytes, 12_000, 13_500, (byte) 0x55);
    Files.write(files.resolve("corrupt.ts"), bytes);
    List<Row> all =
        infer(files, "corrupt")
            .predictions(
                """
                SELECT frame_number, pts_us, error, path LIKE '%corrupt.ts'
                FROM rows WHERE pts_us IS NOT NULL ORDER BY pts_us""");
    List<Row> rows = all.stream().filter(row -> row.getBoolean(3)).toList();
    List<Row> whole = all.stream().filter(row -> !row.getBoolean(3)).toList();
    assertThat(whole).hasSize(36).allMatch(row -> row.isNullAt(2));
    assertThat(rows.get(0).isNullAt(0)).isFalse();
    assertThat(rows.get(rows.size() - 1).isNullAt(0)).isTrue();
    assertThat(rows.get(rows.size() - 1).getLong(1))
        .isEqualTo(whole.get(whole.size() - 1).getLong(1));
    assertThat(rows).anyMatch(row -> !row.isNullAt(2));
    assertThat(rows).filteredOn(row -> row.isNullAt(2)).hasSizeGreaterThan(15);
  }

  @Test
  void frames_areChosenBySettings_andByColumnsOfAManifest() throws IOException {
    assertThat(
            times(
                infer(
                    CLIP,
                    "range",
                    "frames.video.every=2",
                    "frames.video.start=1s",
                    "frames.video.end=1.3s",
                    "frames.video.limit=3",
                    "frames.limit=9")))
        .containsExactly(1., 1.08, 1.16);

    Path manifest =
        Files.writeString(
            folder.resolve("clips.csv"),
            "path,camera,start,end\n%1$s/gop12.mp4,a,3.28,\n%1$s/vfr.mp4,b,,0.2\n%1$s/hevc.mp4,c,x,\n%1$s/gop12.mp4,d,0,0.05\n"
                .formatted(Paths.VIDEOS.toAbsolutePath()),
            StandardCharsets.UTF_8);
    Call call =
        Tandem.infer()
            .model(Paths.SMALL_MODEL)
            .output(folder.resolve("manifest"))
            .set("frames.path=null", "frames.manifest=" + manifest)
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    assertThat(call.err())
        .containsPattern(", batch 4, videos by FFmpeg [0-9.]+\n")
        .doesNotContain("named by several rows");
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

  @Test
  void choiceOfNoFrame_isRefused_andNothingIsWritten() throws IOException {
    Path out = folder.resolve("none");
    Call late =
        Tandem.infer()
            .model(Paths.SMALL_MODEL)
            .frames(CLIP)
            .output(out)
            .set("frames.video.start=9h")
            .run();
    assertThat(late.exitCode()).isEqualTo(2);
    assertThat(late.err())
        .contains(
            "no frame of the videos is chosen by frames.video.*, such as frames.video.start and .end (option --set frames.video.start=VALUE)");
    Path manifest =
        Files.writeString(
            folder.resolve("late.csv"),
            "path,start\n%s,99\n".formatted(CLIP.toAbsolutePath()),
            StandardCharsets.UTF_8);
    Call rows =
        Tandem.infer()
            .model(Paths.SMALL_MODEL)
            .output(out)
            .set("frames.path=null", "frames.manifest=" + manifest)
            .run();
    assertThat(rows.exitCode()).isEqualTo(2);
    assertThat(rows.err())
        .contains(
            "no frame of its videos is between the times of the columns start and end (option --manifest)");
    assertThat(out).doesNotExist();
  }

  private static List<Double> times(RunReader run) {
    return run
        .predictions("SELECT pts_us / 1e6 FROM rows WHERE error IS NULL ORDER BY frame_index")
        .stream()
        .map(row -> row.getDouble(0))
        .toList();
  }
}
