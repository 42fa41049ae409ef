package io.tandem.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Call;
import io.tandem.Paths;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Inferences that are resumed. Each was left as a kill leaves it after its second commit: without
 * the rows of the third, with the pictures of some of its frames, and with a killed task's file.
 */
@Tag("spark")
final class ResumeTest {
  @TempDir Path folder;
  private Path frames = Path.of("");
  private Path out = Path.of("");

  @BeforeEach
  void interruptedRun() throws IOException {
    frames = Files.createDirectory(folder.resolve("frames"));
    out = folder.resolve("out");
    for (int i = 0; i < 12; i++) {
      Files.copy(Paths.small(i + 1), frame(i));
    }
    Call call =
        Tandem.infer()
            .model(Paths.SUPERRESOLUTION)
            .frames(frames)
            .output(out)
            .set("output.commit-frames=4", "infer.frames-per-task=4", "infer.batch-size=1")
            .run();
    assertThat(call.exitCode()).as(call.err()).isZero();
    Path last =
        Path.of(
            new RunReader(out)
                .predictions(
                    "SELECT DISTINCT input_file_name() FROM rows WHERE path LIKE '%/11.jpg'")
                .get(0)
                .getString(0)
                .replaceFirst("file:/+", "/"));
    Path task = out.resolve("predictions/_temporary/0/task_202611270000_0001_m_000000");
    Files.createDirectories(task);
    Files.move(last, task.resolve(last.getFileName()));
    Files.delete(out.resolve("_SUCCESS"));
  }

  @Test
  void onlyWhatIsMissing_isPredicted_andEachDifferenceIsNamed() throws IOException {
    Map<String, Row> before = rows();
    assertThat(before).hasSize(8);
    assertThat(Tandem.command("summarize").with(out).run().out())
        .contains(
            "Interrupted, or still running: 8 of 12 frames; ./submit.sh infer --resume " + out);
    Files.delete(frame(0));
    Files.copy(Paths.small(20), frame(2), StandardCopyOption.REPLACE_EXISTING);
    Files.delete(frame(9));
    Files.copy(Paths.small(30), frames.resolve("new.jpg"));

    Call resumed = resume();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(resumed.err())
        .contains(out + ": 7 of 12 frames are committed")
        .containsPattern("1 frame new, and will be predicted: .*/new.jpg\n")
        .containsPattern("1 frame changed, and will be predicted again: .*/02.jpg\n")
        .containsPattern("2 frames no longer there; .*: .*/00.jpg, .*/09.jpg\n");
    assertThat(resumed.out()).contains("5 frames, 0 failed");
    Map<String, Row> after = rows();
    assertThat(after.keySet())
        .containsExactly(
            "00.jpg", "01.jpg", "02.jpg", "03.jpg", "04.jpg", "05.jpg", "06.jpg", "07.jpg",
            "08.jpg", "10.jpg", "11.jpg", "new.jpg");
    for (String name : List.of("00.jpg", "01.jpg", "03.jpg", "04.jpg", "05.jpg", "06.jpg")) {
      assertThat(after.get(name)).as(name).isEqualTo(before.get(name));
    }
    assertThat(Inferred.row(after, "02.jpg").getLong(1)).isEqualTo(Files.size(frame(2)));
    assertThat(Inferred.row(after, "02.jpg").getLong(2))
        .isGreaterThan(Inferred.row(before, "07.jpg").getLong(2));
    try (Stream<Path> pictures = Files.list(out.resolve("images"))) {
      assertThat(pictures.map(path -> "images/" + path.getFileName()))
          .containsExactlyInAnyOrderElementsOf(
              after.values().stream().map(row -> row.getString(3)).toList());
    }
    assertThat(out.resolve("_SUCCESS")).exists();
    assertThat(out.resolve("predictions/_temporary")).doesNotExist();
    String summary = Tandem.command("summarize").with(out).run().out();
    assertThat(summary).contains("12 frames, 0 failed").doesNotContain("Interrupted");
    Matcher time =
        Pattern.compile("; ([0-9.]+) s in 2 parts, each from its first frame's start")
            .matcher(summary);
    assertThat(time.find()).as(summary).isTrue();
    long apart =
        Inferred.row(after, "02.jpg").getLong(2) - Inferred.row(after, "07.jpg").getLong(2);
    assertThat(Double.parseDouble(time.group(1)))
        .as("without the time between the parts")
        .isPositive()
        .isLessThan(apart / 1e6);
  }

  @Test
  void completeRun_isLetBe() throws IOException {
    assertThat(resume().exitCode()).isZero();
    Map<String, Row> before = rows();
    Call again = resume();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(again.err()).contains(out + ": no frame is missing");
    assertThat(rows()).isEqualTo(before).hasSize(12);
    changeFingerprint();
    assertRefused(resume(), "cannot be resumed");
    assertThat(out.resolve("_SUCCESS")).exists();
  }

  @Test
  void runOfALivingProcess_isRefused_andOneOfAnotherHostUnlessItIsTakenOver() throws IOException {
    String here = InetAddress.getLocalHost().getHostName();
    String init = ProcessHandle.of(1).orElseThrow().info().startInstant().orElseThrow().toString();
    claim(here, init);
    assertRefused(resume(), "is being written, by process 1 on " + here + " since ");
    assertRefused(
        Tandem.infer().frames(frames).output(out).run(),
        "holds a run that has not ended, by process 1 on " + here);
    claim("elsewhere", init);
    assertRefused(resume(), "was written, by process 1 on elsewhere since ", "add --take-over");
    assertThat(rows()).hasSize(8);
    Call takenOver = Tandem.command("infer").with("--resume", out, "--take-over").run();
    assertThat(takenOver.exitCode()).as(takenOver.err()).isZero();
    assertThat(rows()).hasSize(12);
  }

  @Test
  void otherSettings_andAnotherModel_areRefused() throws IOException {
    assertRefused(
        Tandem.command("infer").with("--resume", out).set("infer.batch-size=2").run(),
        "--resume uses the settings of " + out);
    assertRefused(Tandem.command("infer").with("--resume", frames).run(), "is not a run folder");
    assertRefused(Tandem.command("infer").with("--take-over").run(), "--take-over needs --resume");
    Path claim = out.resolve("_claims/0001");
    String written = Files.readString(claim);
    Files.writeString(claim, written.replaceFirst("since\" : \"....", "since\" : \"soon"));
    assertRefused(resume(), "invalid ", "/_claims/0001: Text 'soon");
    assertRefused(Tandem.command("summarize").with(out).run(), "/_claims/0001: Text 'soon");
    Files.writeString(claim, written);
    changeFingerprint();
    assertRefused(
        resume(), "cannot be resumed: the model's fingerprint was 0000", "start a new run");
    assertThat(rows()).hasSize(8);
  }

  private void changeFingerprint() throws IOException {
    Path environment = out.resolve("environment.json");
    String text = Files.readString(environment);
    Files.delete(out.resolve(".environment.json.crc"));
    Files.writeString(
        environment, text.replaceFirst("\"fingerprint\" : \"....", "\"fingerprint\" : \"0000"));
  }

  private void claim(String host, String started) throws IOException {
    Files.writeString(
        out.resolve("_claims/0001"),
        "{\"id\": \"1\", \"host\": \"%s\", \"pid\": 1, \"process\": \"%s\", \"since\": \"2026-11-27T10:00:00Z\"}"
            .formatted(host, started));
    Files.deleteIfExists(out.resolve("_claims/0001-ended"));
  }

  private static void assertRefused(Call call, String... sentence) {
    assertThat(call.exitCode()).as(call.err()).isEqualTo(2);
    assertThat(call.err()).hasLineCount(1).contains(sentence);
  }

  private Call resume() {
    return Tandem.command("infer").with("--resume", out).run();
  }

  private Path frame(int number) {
    return frames.resolve("%02d.jpg".formatted(number));
  }

  /** Name, length, start and picture of each row; fails if a frame has two. */
  private Map<String, Row> rows() {
    return new RunReader(out)
            .predictions(
                "SELECT substring_index(path, '/', -1), length, started_us, image_path FROM rows")
            .stream()
            .collect(
                Collectors.toMap(
                    row -> row.getString(0),
                    row -> row,
                    (a, b) -> {
                      throw new AssertionError("two rows of " + a);
                    },
                    TreeMap::new));
  }
}
