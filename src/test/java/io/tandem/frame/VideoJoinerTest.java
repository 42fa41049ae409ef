package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.Paths;
import io.tandem.conf.VideoContainer;
import io.tandem.conf.VideoEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class VideoJoinerTest {
  private static final int QUALITY = 80;

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(VideoEncoding.class)
  void segments_becomeOneVideo_withTheTimesAndTheSoundOfTheirSource(VideoEncoding codec)
      throws Exception {
    Clip source = Clip.read(Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4"));
    Path file = folder.resolve("joined.mp4");
    VideoJoiner.Joined joined =
        join(file, VideoContainer.MP4, "bframes-aac.mp4", segments(codec, source, 12, 13, 35));
    assertThat(joined).isEqualTo(new VideoJoiner.Joined(60, List.of()));
    Clip clip = Clip.read(file);
    assertThat(clip.times()).isEqualTo(source.times());
    assertThat(clip.sounds()).isEqualTo(source.sounds());
    for (int i = 0; i < 60; i++) {
      Clip.Shown shown = clip.frames().get(i);
      assertThat(shown.picture().psnr(source.frames().get(i).picture()))
          .as("frame %d", i)
          .isGreaterThan(25); // Stripes of colour lose most by 4:2:0.
      if (i == 0 || i == 12 || i == 25) {
        assertThat(shown.isKey()).as("frame %d", i).isTrue();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MP4, H264, variable-pcm.mkv, true",
    "MKV, H264, variable-pcm.mkv, false",
    "WEBM, VP9, variable-pcm.mkv, true",
    "MKV, VP9, bframes-aac.mp4, false"
  })
  void times_areTheSources_andSoundIsCopied_whereTheContainerTakesIt(
      VideoContainer container, VideoEncoding codec, String name, boolean soundIsLeftOut)
      throws Exception {
    Clip source = Clip.read(Paths.SOUND_VIDEOS.resolve(name));
    Path file = folder.resolve("joined." + container.ending());
    VideoJoiner.Joined joined =
        join(file, container, name, segments(codec, source, 20, source.frames().size() - 20));
    Clip clip = Clip.read(file);
    // Matroska has whole milliseconds.
    assertThat(clip.times().stream().map(VideoJoinerTest::millis).toList())
        .isEqualTo(source.times().stream().map(VideoJoinerTest::millis).toList());
    if (soundIsLeftOut) {
      assertThat(joined.leftOut())
          .containsExactly("its pcm_u8 sound, which %s does not take".formatted(container));
      assertThat(clip.sounds()).isEmpty();
    } else {
      assertThat(joined.leftOut()).isEmpty();
      assertThat(clip.sounds()).hasSize(1);
      assertThat(clip.sounds().get(0).codec()).isEqualTo(source.sounds().get(0).codec());
      // A packet before time 0 is left out.
      assertThat(clip.sounds().get(0).ptsMicros().size())
          .isEqualTo(source.sounds().get(0).ptsMicros().stream().filter(time -> time >= 0).count());
    }
  }

  @Test
  void transportStream_beginsAtZero_withItsSoundInStep() throws Exception {
    Clip source = Clip.read(Paths.SOUND_VIDEOS.resolve("late-mp2.ts"));
    Path file = folder.resolve("joined.mp4");
    join(file, VideoContainer.MP4, "late-mp2.ts", segments(VideoEncoding.H264, source, 60));
    Clip clip = Clip.read(file);
    long shift = source.frames().get(0).ptsMicros() - clip.frames().get(0).ptsMicros();
    long first = source.sounds().get(0).ptsMicros().get(0);
    assertThat(shift)
        .isEqualTo(Math.min(first, source.times().get(0)))
        .isGreaterThan(35_000_000_000L);
    assertThat(clip.frames()).hasSameSizeAs(source.frames());
    for (int i = 0; i < source.frames().size(); i++) {
      assertThat(clip.times().get(i))
          .isCloseTo(source.times().get(i) - shift, Offset.offset(1L)); // Both are rounded.
    }
    assertThat(clip.sounds().get(0).ptsMicros().get(5))
        .isCloseTo(
            source.sounds().get(0).ptsMicros().get(5) - shift,
            Offset.offset(63L)); // 16,000 samples a second.
  }

  @Test
  void framesOfATimeRange_haveItsSoundOnly() throws Exception {
    Clip source = Clip.read(Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4"));
    Path file = folder.resolve("joined.mp4");
    List<byte[]> parts = segments(VideoEncoding.H264, source, 15, 30);
    join(file, VideoContainer.MP4, "bframes-aac.mp4", parts.subList(1, 2));
    Clip clip = Clip.read(file);
    assertThat(clip.times()).isEqualTo(source.times().subList(15, 45));
    assertThat(clip.sounds().get(0).ptsMicros())
        .isEqualTo(
            source.sounds().get(0).ptsMicros().stream()
                .filter(time -> time >= source.times().get(15) && time < source.times().get(45))
                .toList());
  }

  @Test
  void segmentsOfTwoSizes_areRefused() throws Exception {
    Clip source = Clip.read(Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4"));
    List<byte[]> segments = segments(VideoEncoding.H264, source, 2);
    try (VideoJoiner joiner =
        VideoJoiner.to(folder.resolve("joined.mp4"), VideoContainer.MP4, null)) {
      joiner.add(FileBytes.of(segments.get(0)));
      byte[] other = one(new Picture(32, 32, new byte[3 * 32 * 32]));
      assertThatThrownBy(() -> joiner.add(FileBytes.of(other)))
          .hasMessage(
              "its pictures are of 64 x 48 pixels first and 32 x 32 later, which one file cannot hold");
    }
  }

  @Test
  void truncatedSegment_isAnError_orLosesFramesThatAreCounted() throws Exception {
    Clip source = Clip.read(Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4"));
    byte[] whole = segments(VideoEncoding.H264, source, 60).get(0);
    byte[] half = java.util.Arrays.copyOf(whole, whole.length / 2);
    long frames;
    try (VideoJoiner joiner =
        VideoJoiner.to(folder.resolve("joined.mp4"), VideoContainer.MP4, null)) {
      joiner.add(FileBytes.of(half));
      frames = joiner.finish().frames();
    } catch (FrameException e) {
      frames = 0;
    }
    assertThat(frames).isLessThan(60);
  }

  @Test
  void fileThatCannotBeWritten_isNamed() throws Exception {
    byte[] segment = one(new Picture(32, 32, new byte[3 * 32 * 32]));
    try (VideoJoiner joiner =
        VideoJoiner.to(folder.resolve("absent/joined.mp4"), VideoContainer.MP4, null)) {
      assertThatThrownBy(() -> joiner.add(FileBytes.of(segment)))
          .isInstanceOf(IOException.class)
          .hasMessage("the file: No such file or directory");
    }
  }

  @ParameterizedTest
  @EnumSource(VideoContainer.class)
  void fullDisk_isAnIoException(VideoContainer container) throws Exception {
    Path full = Path.of("/dev/full");
    assumeThat(full).exists();
    VideoEncoding codec = container == VideoContainer.WEBM ? VideoEncoding.VP9 : VideoEncoding.H264;
    Clip source = Clip.read(Paths.SOUND_VIDEOS.resolve("bframes-aac.mp4"));
    List<byte[]> segments = segments(codec, source, 60);
    try (VideoJoiner joiner = VideoJoiner.to(full, container, null)) {
      assertThatThrownBy(
              () -> {
                joiner.add(FileBytes.of(segments.get(0)));
                joiner.finish();
              })
          .isInstanceOf(IOException.class)
          .hasMessageEndingWith(": No space left on device");
    }
  }

  private static VideoJoiner.Joined join(
      Path file, VideoContainer container, String source, List<byte[]> segments)
      throws IOException, FrameException {
    FileBytes bytes = FileBytes.of(Files.readAllBytes(Paths.SOUND_VIDEOS.resolve(source)));
    try (VideoJoiner joiner = VideoJoiner.to(file, container, bytes)) {
      for (byte[] segment : segments) {
        joiner.add(FileBytes.of(segment));
      }
      return joiner.finish();
    }
  }

  /** Encodes the frames of a clip, in segments of these sizes. */
  private static List<byte[]> segments(VideoEncoding codec, Clip clip, int... sizes)
      throws IOException, FrameException {
    long clock = clip.frames().get(0).ptsMicros();
    List<byte[]> segments = new ArrayList<>();
    int at = 0;
    for (int size : sizes) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      try (SegmentWriter writer = new SegmentWriter(out, codec, QUALITY, clock)) {
        for (Clip.Shown frame : clip.frames().subList(at, at + size)) {
          writer.add(frame.picture(), frame.ptsMicros() - clock);
        }
        writer.finish();
      }
      segments.add(out.toByteArray());
      at += size;
    }
    return segments;
  }

  private static byte[] one(Picture picture) throws IOException, FrameException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SegmentWriter writer = new SegmentWriter(out, VideoEncoding.H264, QUALITY, 0)) {
      writer.add(picture, 0);
      writer.finish();
    }
    return out.toByteArray();
  }

  private static long millis(long micros) {
    return Math.round(micros / 1000.0);
  }
}
