package io.tandem.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Await;
import io.tandem.Checkout;
import io.tandem.Ended;
import io.tandem.Paths;
import io.tandem.Program;
import io.tandem.RunReader;
import io.tandem.Tandem;
import io.tandem.frame.Clip;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A video whose making is killed twice, and resumed by its segments. */
@Tag("spark")
final class VideoOutIT {
  private static final Path CLIP = Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4").toAbsolutePath();

  @TempDir Path folder;

  @BeforeEach
  void linkCheckout() throws IOException {
    Checkout.in(folder);
  }

  @Test
  @Tag("long")
  void killedRun_keepsTheSegmentsOfCommittedFrames_andMakesTheWholeVideo() throws Exception {
    Program.Started killed =
        new Checkout(folder)
            .submit(
                List.of(),
                Tandem.infer()
                    .model(Paths.SUPERRESOLUTION.toAbsolutePath())
                    .frames(CLIP)
                    .with("--video-out")
                    .set(
                        "infer.lanes=1",
                        "infer.batch-size=1",
                        "frames.video.segment=0 s",
                        "infer.frames-per-task=12",
                        "output.commit-frames=12")
                    .output("out/killed"))
            .start();
    Await.until(killed.process(), () -> committed() > 0);
    killed.process().descendants().forEach(ProcessHandle::destroyForcibly);
    killed.process().destroyForcibly();
    assertThat(killed.end().exitCode()).isEqualTo(137);
    int committed = committed();
    assertThat(committed).isBetween(1, 4);
    // What a killed task leaves: a segment that is whole and not committed, and one that is not.
    Path segments = onlyFolder(folder.resolve("out/killed/videos/_segments"));
    Map<String, FileTime> kept = new TreeMap<>(segments(segments));
    while (kept.size() > committed) {
      kept.remove(((TreeMap<String, FileTime>) kept).lastKey());
    }
    Files.writeString(segments.resolve("000000001500000.nut"), "not committed");
    Files.writeString(segments.resolve("_000000001600000.nut.1-a"), "not whole");

    Program.Started resumed =
        new Program(folder, "./submit.sh", "infer", "--resume", "out/killed").start();
    Await.until(resumed.process(), () -> committed() > committed);
    assertThat(segments(segments)).containsAllEntriesOf(kept);
    assertThat(segments.resolve("_000000001600000.nut.1-a")).doesNotExist();
    assertThat(segments.resolve("000000001500000.nut")).doesNotExist();
    resumed.process().descendants().forEach(ProcessHandle::destroyForcibly);
    resumed.process().destroyForcibly();
    assertThat(resumed.end().err())
        .contains("%d of 60 frames are committed".formatted(12 * committed));

    Ended end = new Program(folder, "./submit.sh", "infer", "--resume", "out/killed").run();
    assertThat(end.exitCode()).as(end.err()).isZero();
    assertThat(segments.getParent()).doesNotExist();
    String video =
        new RunReader(folder.resolve("out/killed"))
            .predictions("SELECT DISTINCT image_path FROM rows")
            .get(0)
            .getString(0);
    Clip made = Clip.read(folder.resolve("out/killed").resolve(video));
    Clip source = Clip.read(CLIP);
    assertThat(made.times()).isEqualTo(source.times());
    assertThat(made.sounds()).isEqualTo(source.sounds());
    assertThat(made.frames()).allMatch(frame -> frame.picture().width() == 128);
    Ended again = new Program(folder, "./submit.sh", "infer", "--resume", "out/killed").run();
    assertThat(again.exitCode()).as(again.err()).isZero();
    assertThat(Clip.read(folder.resolve("out/killed").resolve(video)).times())
        .isEqualTo(source.times());
  }

  private static Path onlyFolder(Path of) throws IOException {
    try (Stream<Path> folders = Files.list(of)) {
      return folders.findFirst().orElseThrow();
    }
  }

  /** Returns the whole segments, and when they were written. */
  private static Map<String, FileTime> segments(Path in) throws IOException {
    Map<String, FileTime> segments = new TreeMap<>();
    try (Stream<Path> files = Files.list(in)) {
      for (Path file : files.filter(path -> path.toString().endsWith(".nut")).toList()) {
        segments.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
      }
    }
    return segments;
  }

  /** Counts the committed chunks. */
  private int committed() {
    String[] files =
        folder
            .resolve("out/killed/predictions")
            .toFile()
            .list((in, name) -> name.endsWith(".parquet"));
    return files == null ? 0 : files.length;
  }
}
