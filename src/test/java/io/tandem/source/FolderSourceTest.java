package io.tandem.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.SilentProgress;
import io.tandem.Tandem;
import io.tandem.conf.Settings;
import io.tandem.spark.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Folders that the executors list, as the driver lists smaller ones. */
@Tag("spark")
final class FolderSourceTest {
  private static final int FILES = 25;

  private static Session session;

  @TempDir Path folder;

  @BeforeAll
  static void openSession() {
    session = Session.open("test", null, 2, 1);
  }

  @AfterAll
  static void closeSession() {
    session.close();
  }

  @BeforeEach
  void makeFiles() throws IOException {
    for (int i = 0; i < FILES; i++) {
      Path file = folder.resolve("%s/%d.jpg".formatted(i % 3 == 0 ? "day" : "night", i));
      Files.createDirectories(file.getParent());
      Files.writeString(file, "x".repeat(i));
    }
    Files.createSymbolicLink(folder.resolve("day/gone.jpg"), folder.resolve("nowhere"));
  }

  @Test
  void framesThatTheExecutorsHold_areThoseOfTheDriver() {
    FramePlan few = plan(FILES);
    FramePlan many = plan(FILES - 1);
    assertThat(few).isInstanceOf(FrameSet.class);
    assertThat(many).isInstanceOf(DistributedFrames.class);
    assertThat(many.size()).isEqualTo(FILES);
    assertThat(many.present()).isEqualTo(FILES);
    assertThat(many.bytes()).isEqualTo(few.bytes());
    assertThat(many.columns()).isNull();
    assertThat(many.collect().frames()).isEqualTo(few.collect().frames());
    assertThat(splits(many)).isEqualTo(splits(few));
    assertThat(splits(many.from(100))).isEqualTo(splits(few.from(100)));
    assertThat(few.from(100).collect().frames())
        .extracting(Frame::index)
        .containsExactlyElementsOf(IntStream.range(100, 100 + FILES).boxed().toList());
  }

  @Test
  void limit_takesTheFirstInPathOrder() {
    assertThat(plan(1, "frames.limit=7").collect().frames())
        .isEqualTo(plan(FILES).collect().frames().subList(0, 7));
  }

  @Test
  void sample_isTheFirstFrames_ofAll() {
    FrameSource.Sample sample = source(1).sample(session, 4, new SilentProgress());
    assertThat(sample.of()).isEqualTo(FILES);
    assertThat(sample.frames().frames()).isEqualTo(plan(FILES).collect().frames().subList(0, 4));
  }

  @Test
  void filesThatAreSkipped_areReported() {
    SilentProgress progress = new SilentProgress();
    var unused = source(1).plan(session, progress);
    assertThat(progress.said())
        .containsExactly(
            "listing more than 1 file",
            "1 file skipped, a broken link: file:%s/day/gone.jpg".formatted(folder));
  }

  @Test
  void folderThatIsGone_isOneSentence() throws IOException {
    FrameSource source = source(1).prepare();
    FileUtils.deleteDirectory(folder.toFile());
    assertThatThrownBy(() -> source.plan(session, new SilentProgress()))
        .isInstanceOf(FramesException.class)
        .hasMessage("no frames found at %s; there is no such file or folder".formatted(folder));
  }

  private FramePlan plan(int mostOnDriver, String... pairs) {
    return source(mostOnDriver, pairs).prepare().plan(session, new SilentProgress());
  }

  private FrameSource source(int mostOnDriver, String... pairs) {
    List<String> all = new ArrayList<>(List.of("frames.path=\"" + folder + "\""));
    all.addAll(List.of(pairs));
    Settings.Frames frames = Tandem.settings(all.toArray(String[]::new)).frames();
    return FolderSource.open(frames, new Configuration(), mostOnDriver);
  }

  private static List<List<Frame>> splits(FramePlan plan) {
    List<List<Frame>> splits = new ArrayList<>();
    plan.chunks(session, 10, frames -> FrameSplits.even(frames, 4))
        .forEachRemaining(
            chunk -> chunk.splits().collectAsList().forEach(split -> splits.add(split.frames())));
    return splits;
  }
}
