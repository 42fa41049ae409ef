package io.tandem.quarantine;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.quarantine.LostFrames.Partition;
import io.tandem.run.RunFolder;
import io.tandem.source.Frame;
import io.tandem.source.FrameRef;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which frame is blamed when an executor ends, and that a resumed run knows it. */
final class LostFramesTest {
  private static final FrameRef KILLER = FrameRef.image("file:/frames/killer.png");
  private static final FrameRef OTHER = FrameRef.image("file:/frames/other.png");

  @TempDir Path folder;
  private RunFolder run;
  private LostFrames lost;

  @BeforeEach
  void start() {
    run =
        RunFolder.planned(
            "infer",
            Tandem.settings("output.path=" + folder.resolve("run")).output(),
            new Configuration());
    run.create();
    lost = LostFrames.of(run, new SilentProgress());
  }

  private List<Standing> standings() {
    return List.of(lost.standing(KILLER), lost.standing(OTHER));
  }

  @Test
  void ofAllFramesInWork_thatWhichKillsAgain_whenAlone_isQuarantined() {
    lost.lost("1", new Partition(0, 7));
    assertThat(lost.isLost(new Partition(0, 7))).isTrue();
    assertThat(lost.isLost(new Partition(0, 8))).isFalse();
    assertThat(standings()).containsExactly(Standing.CLEAR, Standing.CLEAR);

    lost.begin("2", 10, KILLER, false);
    lost.begin("2", 11, OTHER, false);
    lost.begin("3", 12, FrameRef.image("file:/frames/elsewhere.png"), false);
    lost.lost("2", new Partition(0, 7));
    assertThat(standings()).containsExactly(Standing.SUSPECT, Standing.SUSPECT);
    assertThat(lost.standing(FrameRef.image("file:/frames/elsewhere.png")))
        .isEqualTo(Standing.CLEAR);

    lost.begin("3", 13, OTHER, true);
    lost.end("3", 13);
    lost.begin("3", 14, KILLER, true);
    lost.lost("3", new Partition(0, 7));
    assertThat(standings()).containsExactly(Standing.QUARANTINED, Standing.CLEAR);
  }

  @Test
  void aFrameWhoseWorkHasEnded_isNotBlamed() {
    lost.begin("1", 10, OTHER, false);
    lost.end("1", 10);
    lost.begin("1", 10, KILLER, false);
    lost.lost("1", new Partition(0, 0));
    lost.lost("1", new Partition(0, 1));
    assertThat(standings()).containsExactly(Standing.SUSPECT, Standing.CLEAR);
  }

  @Test
  void aFrameOfAnExecutorThatWasKilled_isNotBlamed() {
    lost.begin("1", 10, KILLER, true);
    lost.forget("1");
    lost.lost("1", new Partition(0, 0));
    assertThat(standings()).containsExactly(Standing.CLEAR, Standing.CLEAR);
  }

  @Test
  void aResumedRun_knowsTheLosses() {
    lost.begin("1", 10, KILLER, true);
    lost.begin("1", 11, OTHER, false);
    lost.lost("1", new Partition(0, 0));
    lost = LostFrames.of(run, new SilentProgress());
    assertThat(standings()).containsExactly(Standing.QUARANTINED, Standing.SUSPECT);
    assertThat(lost.guard().standings()).hasSize(2);
  }

  @Test
  void framesInWork_stayInTheFolder_untilTheWorkEnds() throws Exception {
    Path file = folder.resolve("run/_in-work");
    try (FramesInWork here = FramesInWork.start(run, 0, 5)) {
      Watch watch = here.watch(new Watch.Known(lost.guard().standings()));
      var frames =
          List.of(
              Frame.image("file:/a", 1, null, 1),
              Frame.image("file:/b", 1, null, 2),
              Frame.image("file:/c", 1, null, 4));
      frames.forEach(frame -> watch.begin(frame, frame.index() == 4));
      watch.end(frames.get(1));
      // As another process sees it, after this one has ended without a word.
      assertThat(FramesInWork.left(run))
          .containsExactly(new FramesInWork.Left(1, false), new FramesInWork.Left(4, true));
    }
    assertThat(Files.exists(file)).isFalse();
    assertThat(FramesInWork.left(run)).isEmpty();
  }
}
