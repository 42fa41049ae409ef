package io.tandem.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.conf.ImageEncoding;
import io.tandem.conf.ImagePlace;
import io.tandem.conf.VideoContainer;
import io.tandem.conf.VideoEncoding;
import io.tandem.conf.VideoOutput;
import io.tandem.frame.Picture;
import io.tandem.lane.DueFrame;
import io.tandem.lane.PictureSink;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.StoredPicture;
import io.tandem.source.Frame;
import io.tandem.source.FrameRef;
import io.tandem.source.StorageException;
import io.tandem.source.VideoRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RunVideosTest {
  private static final long CLOCK = 70;

  @TempDir Path run;

  @Test
  void framesOfATask_areASegment_whichAppearsWhenItIsWhole_andReplacesThatOfALostTask() {
    for (int attempt = 0; attempt < 2; attempt++) {
      try (PictureSink.Opened opened = open()) {
        StoredPicture stored = put(opened, frame("a", 40_000), picture(64, 48));
        assertThat(stored)
            .isEqualTo(StoredPicture.inVideo(folder().video("file:/in/a.mp4"), 64, 48));
        put(opened, frame("a", 80_000), picture(64, 48));
        assertThat(whole("a"))
            .containsExactlyElementsOf(attempt == 0 ? names() : names("40000.nut"));
        opened.finish();
        assertThat(whole("a")).isEqualTo(names("40000.nut"));
      }
      assertThat(all("a")).isEqualTo(names("40000.nut"));
    }
  }

  @Test
  void framesOfAnotherVideo_beginAnotherSegment() {
    try (PictureSink.Opened opened = open()) {
      put(opened, frame("a", 0), picture(64, 48));
      put(opened, frame("b", 0), picture(32, 32));
      assertThat(whole("a")).isEqualTo(names("0.nut"));
      assertThat(whole("b")).isEmpty();
      opened.finish();
      assertThat(whole("b")).isEqualTo(names("0.nut"));
    }
  }

  @Test
  void timeThatGoesBack_beginsAnotherSegment() throws IOException {
    try (PictureSink.Opened opened = open()) {
      put(opened, frame("a", 80_000), picture(64, 48));
      put(opened, frame("a", 120_000), picture(64, 48));
      put(opened, frame("a", 0), picture(64, 48));
      opened.finish();
    }
    assertThat(all("a")).isEqualTo(names("0.nut", "80000.nut"));
  }

  @Test
  void taskThatDoesNotFinish_leavesNothing() {
    try (PictureSink.Opened opened = open()) {
      put(opened, frame("a", 0), picture(64, 48));
    }
    assertThat(all("a")).isEmpty();
  }

  @Test
  void framesWithoutAnyPicture_leaveTheirTimes() {
    try (PictureSink.Opened opened = open()) {
      opened.failed(new DueFrame(frame("a", 0), 0));
      opened.failed(new DueFrame(frame("a", 40_000), 0));
      opened.finish();
    }
    assertThat(all("a")).isEqualTo(names("0.times"));
    assertThat(segments("a").resolve("000000000000000.times")).hasContent("70\n0\n40000\n");
  }

  @Test
  void pictureThatTheCodecDoesNotTake_isAnErrorOfItsFrame() {
    try (PictureSink.Opened opened = open()) {
      Frame frame = frame("a", 0);
      assertThatThrownBy(() -> put(opened, frame, picture(5120, 2880)))
          .isInstanceOf(InvalidResultException.class)
          .hasMessageStartingWith("5120 x 2880 pixels cannot be encoded as h264")
          .message()
          .hasLineCount(1);
      opened.failed(new DueFrame(frame, 0));
      opened.finish();
    }
    assertThat(all("a")).isEqualTo(names("0.times"));
  }

  @Test
  void segmentThatCannotBeWritten_failsTheTask_andNamesItsFolder() throws IOException {
    Files.writeString(run.resolve("videos"), "a file where a folder has to be");
    try (PictureSink.Opened opened = open()) {
      assertThatThrownBy(() -> put(opened, frame("a", 0), picture(64, 48)))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("cannot write " + folder().segments("file:/in/a.mp4"));
    }
  }

  @Test
  void images_areStillFilesOfTheirOwn() {
    try (PictureSink.Opened opened = open()) {
      StoredPicture stored = put(opened, Frame.image("file:/in/a.jpg", 1, null, 0), picture(8, 8));
      assertThat(run.resolve(Objects.requireNonNull(stored.path()))).exists();
      assertThat(stored.path()).startsWith("images/a-");
      opened.finish();
    }
    assertThat(run.resolve("videos")).doesNotExist();
  }

  private PictureSink.Opened open() {
    RunPictures images =
        new RunPictures(
            new PictureFolder(run.toString(), "images", ImageEncoding.PNG), ImagePlace.FILES, null);
    return new RunVideos(images, folder()).open(new Configuration());
  }

  private VideoFolder folder() {
    return new VideoFolder(
        run.resolve("videos").toUri().toString(),
        new VideoOutput(true, VideoEncoding.H264, 80, VideoContainer.MP4));
  }

  private static StoredPicture put(PictureSink.Opened opened, Frame frame, Picture picture) {
    return Objects.requireNonNull(opened.of(new DueFrame(frame, 0))).put(picture);
  }

  private Path segments(String name) {
    return Path.of(folder().segments("file:/in/%s.mp4".formatted(name)).toUri().getPath());
  }

  /** Returns the names of the whole segments, without their leading zeros. */
  private Stream<String> filtered(String name) {
    String[] names = segments(name).toFile().list();
    return Stream.of(names == null ? new String[0] : names)
        .map(file -> file.replaceFirst("^0+(?=[0-9])", ""))
        .sorted();
  }

  private List<String> whole(String name) {
    return filtered(name).filter(file -> !file.startsWith("_")).toList();
  }

  private List<String> all(String name) {
    return filtered(name).toList();
  }

  private static List<String> names(String... names) {
    return List.of(names);
  }

  private static Picture picture(int width, int height) {
    return new Picture(width, height, new byte[3 * width * height]);
  }

  private static Frame frame(String name, long micros) {
    VideoRun of = new VideoRun(0, 0, 0, 0L, new VideoRun.Seek(0, false, 0), 1, CLOCK, false);
    return new Frame(
        new FrameRef("file:/in/%s.mp4".formatted(name), micros, null), 1, null, 0, null, of);
  }
}
