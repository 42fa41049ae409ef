package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.Tandem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Disks that are full: small file systems in memory, which only the started process sees. */
@Tag("spark")
final class FullDiskIT {
  private static final String PLACE = "disk";

  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws Exception {
    Checkout.in(folder);
    Files.createDirectory(folder.resolve(PLACE));
    int mayMount = new Program(folder, mounted("100k", "true")).run().exitCode();
    assumeThat(mayMount)
        .as("user namespaces with mounts (unshare -rm) are allowed on this machine")
        .isZero();
  }

  @Test
  void output_isNamed_andTheRestIsPredictedElsewhere() throws Exception {
    Ended full =
        run(
            "100k",
            Tandem.infer()
                .frames(Paths.FRAMES.toAbsolutePath())
                .output(PLACE + "/out")
                .set("output.commit-frames=16"),
            "cp -r %s/out kept".formatted(PLACE));
    assertThat(full.exitCode()).as(full.err()).isEqualTo(1);
    assertThat(full.err())
        .containsPattern(
            "[1-9][0-9] of 100 frames are committed in .*/disk/out; ./submit.sh infer --resume ")
        .contains("The job failed: cannot write file:", "/predictions: there is no space left\n")
        .doesNotContain("\tat ");
    int kept = rows("kept");
    assertThat(kept).isPositive().isLessThan(100).isEqualTo(16 * (kept / 16));

    Ended resumed =
        new Program(folder, "./submit.sh", "infer", "--resume", "kept", "--take-over").run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    assertThat(rows("kept")).isEqualTo(100);
  }

  /** The disk has room for the segments of a video, and not for the video beside them. */
  @Test
  @Tag("long")
  void videoThatDoesNotFit_isWrittenByAResumedRun() throws Exception {
    Ended full =
        run(
            "184k",
            Tandem.infer()
                .frames(Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4").toAbsolutePath())
                .model(Paths.SUPERRESOLUTION.toAbsolutePath())
                .output(PLACE + "/out")
                .set("output.video.codec=mpeg4", "output.video.quality=100")
                .with("--video-out"),
            "cp -r %s/out kept".formatted(PLACE));
    assertThat(full.exitCode()).as(full.err()).isEqualTo(1);
    assertThat(full.err())
        .containsPattern(
            "60 of 60 frames are committed in .*; ./submit.sh infer --resume .* does what is left")
        .containsPattern("The job failed: cannot write .*/disk/.*: there is no space left\n")
        .doesNotContain("\tat ");

    Ended resumed =
        new Program(folder, "./submit.sh", "infer", "--resume", "kept", "--take-over").run();
    assertThat(resumed.exitCode()).as(resumed.err()).isZero();
    try (var videos = Files.list(folder.resolve("kept/videos"))) {
      assertThat(videos).singleElement().asString().endsWith(".mp4");
    }
  }

  @Test
  @Tag("long")
  void benchmark_saysWhatItKept() throws Exception {
    Ended full =
        run(
            "120k",
            Tandem.benchmark()
                .frames(Paths.FRAMES.toAbsolutePath())
                .output(PLACE + "/out")
                .shortTrials()
                .set("frames.limit=32", "benchmark.rounds=20", "benchmark.concurrency=[2]"),
            "true");
    assertThat(full.exitCode()).as(full.err()).isEqualTo(1);
    assertThat(full.err())
        .containsPattern("the rounds so far are in .*/disk/out; ./submit.sh benchmark --resume ")
        .contains("The job failed: cannot write ", "/disk/out: there is no space left\n")
        .doesNotContain("\tat ", "temporary");
  }

  /** A shuffle's file, and the library that compresses the output. */
  @ParameterizedTest
  @ValueSource(strings = {"32k", "100k"})
  @Tag("long")
  void temporaryFiles_areNamed(String size) throws Exception {
    List<String> rows = new ArrayList<>(List.of("path"));
    try (var frames = Files.newDirectoryStream(Paths.FRAMES, "*.jpg")) {
      frames.forEach(frame -> rows.add(frame.toAbsolutePath().toString()));
    }
    Files.write(folder.resolve("m.csv"), rows);
    Ended full =
        new Program(
                folder,
                mounted(
                    size,
                    String.join(
                        " ",
                        Tandem.infer()
                            .with("--manifest", "m.csv")
                            .output("out")
                            .submitted("./submit.sh", List.of()))))
            .environment(Map.of("TANDEM_JAVA_OPTIONS", "-Djava.io.tmpdir=" + folder.resolve(PLACE)))
            .run();
    assertThat(full.exitCode()).as(full.err()).isEqualTo(1);
    assertThat(full.err())
        .contains(
            "0 of 100 frames are committed in ",
            "The job failed: cannot write temporary files to %s (spark.local.dir): "
                .formatted(folder.resolve(PLACE)),
            "there is no space left");
  }

  private int rows(String run) throws IOException {
    return new RunReader(folder.resolve(run)).predictions("SELECT DISTINCT path FROM rows").size();
  }

  /** Runs a command, then another one before the disk is gone. */
  private Ended run(String size, Tandem command, String after) throws Exception {
    String call = String.join(" ", command.submitted("./submit.sh", List.of()));
    return new Program(
            folder, mounted(size, "%s; exit=$?; %s; exit $exit".formatted(quoted(call), after)))
        .run();
  }

  private static String quoted(String call) {
    return call.replace("[", "\\[").replace("]", "\\]");
  }

  private static String[] mounted(String size, String commands) {
    return new String[] {
      "unshare",
      "-rm",
      "sh",
      "-c",
      "mount -t tmpfs -o size=%s none %s || exit 77; %s".formatted(size, PLACE, commands)
    };
  }
}
