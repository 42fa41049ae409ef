package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders whose files arrive between calls that each take what is there. */
@Tag("spark")
final class FollowTest {
  @TempDir Path folder;
  private Path frames = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void threeFiles_ofWhichTwoAreHidden() throws IOException {
    frames = Files.createDirectory(folder.resolve("frames"));
    out = folder.resolve("out");
    arrive(1, "a.jpg");
    arrive(2, ".b.jpg");
    arrive(3, "_c.jpg");
  }

  @Test
  void eachCall_predictsWhatHasArrived_once() throws IOException {
    Call first = follow("output.commit-frames=2");
    assertThat(first.exitCode()).as(first.err()).isZero();
    assertThat(first.out()).contains("3 frames, 0 failed", "in 2 parts");
    assertThat(first.err()).contains("batch 0: 2 files, 2 frames; 2 files, 2 frames so far");
    assertThat(first.err()).contains("batch 1: 1 file, 1 frame; 3 files, 3 frames so far");
    assertThat(names()).containsExactlyInAnyOrder("a.jpg", ".b.jpg", "_c.jpg");

    Call nothing = follow("output.commit-frames=2");
    assertThat(nothing.exitCode()).as(nothing.err()).isZero();
    assertThat(nothing.err()).contains("no new files in " + frames + ": 3 files, 3 frames so far");

    Files.copy(Paths.small(9), frames.resolve("a.jpg"), StandardCopyOption.REPLACE_EXISTING);
    Files.delete(frames.resolve("_c.jpg"));
    Files.createDirectory(frames.resolve("sub"));
    arrive(4, "sub/d.jpg");
    arrive(5, "note.txt");
    Files.copy(Paths.VIDEOS.resolve("gop12.mp4"), frames.resolve("_v.mp4"));
    Call more = follow("output.commit-frames=2");
    assertThat(more.exitCode()).as(more.err()).isZero();
    assertThat(more.err())
        .contains("1 file changed after it was taken, and is not taken again: a.jpg")
        .contains("batch 2: 2 files, 85 frames; 5 files, 88 frames so far");
    List<Row> rows =
        new RunReader(out)
            .predictions(
                "SELECT substring_index(path, '/', -1), frame_index FROM rows ORDER BY frame_index");
    assertThat(rows)
        .hasSize(88)
        .extracting(row -> row.getString(0))
        .contains("a.jpg", ".b.jpg", "_c.jpg", "d.jpg", "_v.mp4");
    assertThat(rows)
        .extracting(row -> row.getInt(1))
        .containsExactlyElementsOf(IntStream.range(0, 88).boxed().toList());
    assertThat(out.resolve("_SUCCESS")).exists();
  }

  /** As a process leaves it that is killed after it has written the rows of a batch, or some. */
  @Test
  void batchWithoutItsCommit_isRepeated_andWritesNoRowTwice() throws IOException {
    assertThat(follow("infer.frames-per-task=1", "infer.batch-size=1").exitCode()).isZero();
    Map<String, Long> starts = starts();
    killedBefore("commits/0");
    arrive(4, "later.jpg");
    Call again = follow("infer.frames-per-task=1", "infer.batch-size=1");
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err())
        .contains("batch 0: 3 files, 3 frames; 3 files, 3 frames so far")
        .contains("batch 1: 1 file, 1 frame; 4 files, 4 frames so far");
    assertThat(again.out()).contains("1 frame, 0 failed");
    assertThat(starts()).containsAllEntriesOf(starts).hasSize(4);

    killedBefore("commits/1");
    loseRowsOf(List.of("later.jpg"));
    Call rest = Tandem.command("infer").with("--resume", out).run();
    assertThat(rest.exitCode()).as(rest.err()).isZero();
    assertThat(rest.out()).contains("1 frame, 0 failed");
    assertThat(starts()).containsAllEntriesOf(starts).hasSize(4);
    assertThat(out.resolve("predictions/_temporary")).doesNotExist();
    assertThat(Tandem.command("summarize").with(out).run().out())
        .contains("4 frames, 0 failed;", "parts, each from its first frame's start")
        .doesNotContain("Stopped");
  }

  @Test
  void listThatTheCheckpointDoesNotName_isTheNextBatch() throws IOException {
    assertThat(follow().exitCode()).isZero();
    killedBefore("commits/0");
    killedBefore("offsets/0");
    try (Stream<Path> rows = Files.list(out.resolve("predictions"))) {
      for (Path file : rows.toList()) {
        Files.delete(file);
      }
    }
    arrive(4, "later.jpg");
    Call again = follow();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err())
        .contains("batch 0: 3 files, 3 frames;", "batch 1: 1 file, 1 frame; 4 files");
    assertThat(names()).containsExactlyInAnyOrder("a.jpg", ".b.jpg", "_c.jpg", "later.jpg");
  }

  @Test
  void filesThatVanishOrChangeBeforeTheyAreRead_areErrors() throws IOException {
    String[] each = {"infer.frames-per-task=1", "infer.batch-size=1"};
    assertThat(follow(each).exitCode()).isZero();
    killedBefore("commits/0");
    loseRowsOf(List.of("a.jpg", ".b.jpg", "_c.jpg"));
    Files.delete(frames.resolve("a.jpg"));
    Files.write(frames.resolve(".b.jpg"), new byte[] {1}, StandardOpenOption.APPEND);
    Files.setLastModifiedTime(frames.resolve("_c.jpg"), FileTime.fromMillis(1_000_000_000_000L));
    Call again = follow(each);
    assertThat(again.exitCode()).as(again.err()).isEqualTo(1);
    assertThat(
            new RunReader(out)
                    .predictions(
                        "SELECT substring_index(path, '/', -1), error FROM rows ORDER BY length")
                    .stream()
                    .collect(Collectors.toMap(row -> row.getString(0), row -> row.getString(1))))
        .hasSize(3)
        .containsEntry("a.jpg", "there is no such file")
        .containsEntry("_c.jpg", "the file was written again after it was taken")
        .hasEntrySatisfying(
            ".b.jpg",
            error ->
                assertThat(error)
                    .matches("the file had \\d+ bytes when it was taken, and has \\d+ now"));
  }

  @Test
  void callWithOtherSettings_andWrongCalls_areRefused() throws IOException {
    assertThat(follow().exitCode()).isZero();
    assertRefused(
        follow("infer.batch-size=2"),
        out + " follows with infer.batch-size = 4, and not 2; ./submit.sh infer --resume " + out);
    assertRefused(
        Tandem.infer().frames(frames).output(out).run(), "the output folder " + out + " exists");
    Path file = frames.resolve("a.jpg");
    Path gone = folder.resolve("gone");
    assertRefused(
        Tandem.infer().with("--follow", file).run(),
        "cannot follow " + file + ": it is a file; files arrive in a folder (option --follow)");
    assertRefused(
        Tandem.infer().with("--follow", gone).run(),
        "cannot follow " + gone + ": there is no such folder (option --follow)");
    assertRefused(
        Tandem.infer().with("--follow", frames).output(frames.resolve("out")).run(),
        "the output folder " + frames + "/out is inside the followed folder " + frames);
    assertRefused(
        Tandem.infer().with("--follow", frames).set("frames.limit=3").run(),
        "a followed folder has no last file; omit frames.limit, which is 3");
    assertRefused(
        Tandem.infer().with("--follow", frames).set("frames.manifest=list.csv").run(),
        "a manifest lists its frames, and is not followed; omit frames.manifest");
    assertRefused(
        Tandem.infer().with("--follow", frames).set("follow.interval=0 s").run(),
        "follow.interval must be at least 100 ms: 0 ms");
    assertRefused(
        Tandem.infer().with("--follow", frames).set("follow.settle=-1 s").run(),
        "follow.settle must not be negative: -1");
    assertRefused(
        Tandem.infer().with("--follow", frames).set("infer.batch-size=auto").run(),
        "auto settings are found on the first frames, and a followed folder may have none yet");
    assertRefused(
        Tandem.infer().with("--follow", frames, "--render", 3).run(),
        "--render draws at the end, and a followed folder has none");
    assertRefused(
        Tandem.infer().with("--follow", frames, "--frames", frames).run(), "omit --frames");
    assertRefused(
        Tandem.infer().with("--follow", frames, "--manifest", "list.csv").run(), "omit --manifest");
    assertRefused(
        Tandem.infer().with("--follow", frames, "--video-out").run(),
        "a followed folder has no end; omit --video-out");
    assertRefused(Tandem.infer().with("--follow", frames, "--estimate").run(), "omit --estimate");
    assertRefused(
        Tandem.command("infer").with("--follow", frames, "--resume", out).run(),
        "--resume continues with the folder that " + out + " follows; omit --follow");
    assertRefused(
        Tandem.infer().with("--follow-once").run(), "--follow-once needs --follow, and the folder");
    assertThat(gone).doesNotExist();
    assertThat(names()).hasSize(3);
  }

  private static void assertRefused(Call call, String sentence) {
    assertThat(call.exitCode()).as(call.err()).isEqualTo(2);
    assertThat(call.err().lines().findFirst().orElse("")).contains(sentence);
    assertThat(call.err()).doesNotContain("\tat ");
  }

  /** Removes what a killed process would have written next into the checkpoint, and its end. */
  private void killedBefore(String file) throws IOException {
    Path log = out.resolve("_follow/checkpoint").resolve(file);
    Files.delete(log);
    Files.deleteIfExists(log.resolveSibling("." + log.getFileName() + ".crc"));
    Files.deleteIfExists(out.resolve("_SUCCESS"));
  }

  /** Moves the rows of frames to where a killed task leaves them. */
  private void loseRowsOf(List<String> names) throws IOException {
    List<Row> files =
        new RunReader(out)
            .predictions(
                "SELECT DISTINCT input_file_name() FROM rows WHERE substring_index(path, '/', -1) IN ('%s')"
                    .formatted(String.join("', '", names)));
    assertThat(files).hasSameSizeAs(names);
    Path task = out.resolve("predictions/_temporary/0/task_202611270000_0001_m_000000");
    Files.createDirectories(task);
    for (Row row : files) {
      Path file = Path.of(row.getString(0).replaceFirst("file:/+", "/"));
      Files.move(file, task.resolve(file.getFileName()));
    }
  }

  private Call follow(String... pairs) {
    return Tandem.infer()
        .model(Paths.SMALL_MODEL)
        .with("--follow", frames, "--follow-once")
        .output(out)
        .set("follow.settle=0 s")
        .set(pairs)
        .run();
  }

  private void arrive(int number, String name) throws IOException {
    Files.copy(Paths.small(number), frames.resolve(name));
  }

  /** When the work on each frame began; fails if a frame has two rows. */
  private Map<String, Long> starts() {
    return new RunReader(out)
        .predictions("SELECT substring_index(path, '/', -1), started_us FROM rows").stream()
            .collect(Collectors.toMap(row -> row.getString(0), row -> row.getLong(1)));
  }

  private List<String> names() {
    return new RunReader(out)
        .predictions("SELECT substring_index(path, '/', -1) FROM rows").stream()
            .map(row -> row.getString(0))
            .toList();
  }
}
