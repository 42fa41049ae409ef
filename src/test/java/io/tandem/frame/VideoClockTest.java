package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.conf.AutoInt;
import io.tandem.conf.VideoSettings;
import io.tandem.source.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Videos whose clock goes back or stands still, or whose first keyframe is not shown. */
final class VideoClockTest {
  private final ByteSource source = new HadoopByteSource(new Configuration(), AutoInt.AUTO, 10);
  @AutoClose private final VideoReader reader = new VideoReader(1 << 24);

  @TempDir Path folder;

  private Path joined(String clip) throws IOException {
    ByteArrayOutputStream twice = new ByteArrayOutputStream();
    byte[] once = Files.readAllBytes(Paths.VIDEOS.resolve(clip));
    twice.write(once);
    twice.write(once);
    return Files.write(folder.resolve(clip), twice.toByteArray());
  }

  @Test
  void joinedTransportStreams_haveOneClock_andThePicturesOfBoth() throws Exception {
    List<GoldenVideo> golden = GoldenVideo.of("open-gop.ts");
    List<Frame> frames = GoldenVideo.frames(joined("open-gop.ts"), VideoSettings.ALL);
    assertThat(frames).hasSize(72);
    for (int i = 71; i >= 0; i--) {
      Frame frame = frames.get(i);
      assertThat(frame.ref().ptsMicros()).isEqualTo(40_000L * i);
      assertThat(frame.ref().frameNumber()).isEqualTo(i);
      assertThat(GoldenVideo.md5(reader.decode(frame, source)))
          .as("frame %d", i)
          .isEqualTo(golden.get(i % 36).md5());
    }
    assertThat(GoldenVideo.md5(reader.decode(frames.get(35), source)))
        .isEqualTo(golden.get(35).md5());
    // Without a seek, the decoder would go on with pictures of the first part.
    assertThat(GoldenVideo.md5(reader.decode(frames.get(36), source)))
        .isEqualTo(golden.get(0).md5());
  }

  @Test
  void joinedProgramStreams_haveTheTimesOfTheirRanks() throws Exception {
    List<GoldenVideo> golden = GoldenVideo.of("mpeg2.mpg");
    List<Frame> frames = GoldenVideo.frames(joined("mpeg2.mpg"), VideoSettings.ALL);
    assertThat(frames).hasSize(72);
    for (int i = 0; i < 72; i++) {
      assertThat(frames.get(i).ref().ptsMicros()).isEqualTo(40_000L * i);
      assertThat(GoldenVideo.md5(reader.decode(frames.get(i), source)))
          .isEqualTo(golden.get(i % 36).md5());
    }
  }

  @Test
  void framesWithTheSameTime_areOneFrame_andAnErrorCountsTheOthers() throws Exception {
    byte[] bytes = Files.readAllBytes(Paths.VIDEOS.resolve("vp8.webm"));
    int block = 8763; // The fourth frame: 0xa3, its size in two bytes, its track, its time.
    assertThat(ByteBuffer.wrap(bytes).getShort(block + 4)).isEqualTo((short) 120);
    ByteBuffer.wrap(bytes).putShort(block + 4, (short) 80);
    Path clip = Files.write(folder.resolve("same.webm"), bytes);
    List<Frame> frames = GoldenVideo.frames(clip, VideoSettings.ALL);
    assertThat(frames).hasSize(36);
    assertThat(frames.get(35).problem())
        .isEqualTo("1 of its frames have the time of another one, and are not predicted");
    List<GoldenVideo> golden = GoldenVideo.of("vp8.webm");
    assertThat(GoldenVideo.md5(reader.decode(frames.get(2), source)))
        .isEqualTo(golden.get(2).md5());
    assertThat(frames.get(3).ref().ptsMicros()).isEqualTo(160_000);
    assertThat(GoldenVideo.md5(reader.decode(frames.get(3), source)))
        .isEqualTo(golden.get(4).md5());
  }

  @Test
  void keyframesThatAreHidden_areNotChosen() throws Exception {
    Path clip = Paths.VIDEOS.resolve("edit-list.mp4");
    List<Frame> keyframes =
        GoldenVideo.frames(clip, new VideoSettings(2, 1, null, null, null, true, 0));
    List<GoldenVideo> golden = GoldenVideo.of("edit-list.mp4");
    assertThat(keyframes)
        .extracting(frame -> frame.ref().frameNumber())
        .containsExactly(9L, 21L, 33L);
    for (Frame frame : keyframes) {
      int number = Objects.requireNonNull(frame.ref().frameNumber()).intValue();
      assertThat(GoldenVideo.md5(reader.decode(frame, source))).isEqualTo(golden.get(number).md5());
    }
  }
}
