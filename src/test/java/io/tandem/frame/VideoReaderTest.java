package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.Tandem;
import io.tandem.TestFileSystem;
import io.tandem.conf.AutoInt;
import io.tandem.conf.VideoSettings;
import io.tandem.source.Frame;
import io.tandem.source.FrameRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes clips of many codecs, and compares each picture with what the ffmpeg program decodes. */
final class VideoReaderTest {
  private static final Path CLIPS = Paths.VIDEOS;

  private final ByteSource source = new HadoopByteSource(new Configuration(), AutoInt.AUTO, 10);
  @AutoClose private final VideoReader reader = new VideoReader(1 << 24);

  @TempDir Path folder;

  private static List<Frame> frames(String clip) throws IOException {
    return GoldenVideo.frames(CLIPS.resolve(clip), VideoSettings.ALL);
  }

  private String md5(Frame frame) throws FrameException {
    return GoldenVideo.md5(reader.decode(frame, source));
  }

  private List<String> md5s(List<Frame> frames) throws FrameException {
    List<String> sums = new ArrayList<>();
    for (Frame frame : frames) {
      sums.add(md5(frame));
    }
    return sums;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "gop12.mp4",
        "edit-list.mp4",
        "no-keyframe.mp4",
        "no-times.mkv",
        "fragments.mp4",
        "open-gop.mp4",
        "open-gop.mkv",
        "open-gop.ts",
        "hevc.mp4",
        "vp8.webm",
        "vp9.webm",
        "av1.mkv",
        "mpeg4.avi",
        "mpeg4.mp4",
        "mjpeg.avi",
        "mpeg2.mpg",
        "prores.mov",
        "vfr.mp4",
        "ten-bit.mp4",
        "alpha.webm",
        "turned.mp4",
        "anamorphic.mp4",
        "bt709.mp4",
        "full-range.mp4",
        "interlaced.mp4"
      })
  void frames_areThoseOfFfmpeg_inOrderAndByRun(String clip) throws Exception {
    List<GoldenVideo> golden = GoldenVideo.of(clip);
    List<Frame> frames = frames(clip);
    assertThat(frames)
        .extracting(frame -> frame.ref().ptsMicros())
        .isEqualTo(golden.stream().map(GoldenVideo::micros).toList());
    assertThat(frames)
        .extracting(frame -> Objects.requireNonNull(frame.ref().frameNumber()).intValue())
        .isEqualTo(java.util.stream.IntStream.range(0, frames.size()).boxed().toList());
    List<String> sums = golden.stream().map(GoldenVideo::md5).toList();
    assertThat(md5s(frames)).isEqualTo(sums);

    List<Integer> byRun = new ArrayList<>();
    for (List<Integer> run : runs(frames)) {
      byRun.addAll(0, run); // The last run first: each needs a seek.
    }
    assertThat(md5s(byRun.stream().map(frames::get).toList()))
        .isEqualTo(byRun.stream().map(sums::get).toList());
  }

  /** The settings are those of a call. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          frames.video.every=30                            | 0, 1.2, 2.4
          frames.video.fps=2                               | 0, 0.52, 1, 1.52, 2, 2.52, 3
          frames.video.keyframes-only=true                 | 0, 0.48, 0.96, 1.44, 1.92, 2.4, 2.88
          frames.video.start=1s, frames.video.end=1.1s     | 1, 1.04, 1.08
          frames.video.limit=2                             | 0, 0.04
          """)
  void chosenFrames_areDecoded(String settings, String times) throws Exception {
    VideoSettings video = Tandem.settings(settings.split(",\\s*", -1)).frames().video();
    List<Frame> frames = GoldenVideo.frames(CLIPS.resolve("gop12.mp4"), video);
    assertThat(frames)
        .extracting(frame -> Objects.requireNonNull(frame.ref().ptsMicros()) / 1e6)
        .isEqualTo(Stream.of(times.split(", ", -1)).map(Double::valueOf).toList());
    List<GoldenVideo> golden = GoldenVideo.of("gop12.mp4");
    assertThat(md5s(frames))
        .isEqualTo(
            frames.stream()
                .map(
                    frame ->
                        golden
                            .get(Objects.requireNonNull(frame.ref().frameNumber()).intValue())
                            .md5())
                .toList());
  }

  @Test
  void fileThatIsGone_orShorter_isAnErrorOfEachFrame() throws Exception {
    Path clip = folder.resolve("clip.mp4");
    Files.copy(CLIPS.resolve("gop12.mp4"), clip);
    List<Frame> frames = GoldenVideo.frames(clip, VideoSettings.ALL);
    byte[] whole = Files.readAllBytes(clip);
    Files.write(clip, Arrays.copyOf(whole, 20_000));
    assertThat(md5(frames.get(0))).isNotEmpty();
    for (Frame late : frames.subList(60, 84)) {
      assertThatThrownBy(() -> md5(late))
          .isInstanceOf(FrameException.class)
          .hasMessage(
              "cannot be read: the file is shorter than its listed %d bytes"
                  .formatted(whole.length));
    }
    Files.delete(clip);
    try (VideoReader other = new VideoReader(1 << 24)) {
      for (Frame frame : frames) {
        assertThatThrownBy(() -> other.decode(frame, source))
            .isInstanceOf(FrameException.class)
            .hasMessage("there is no such file");
      }
    }
  }

  @Test
  void truncatedFile_hasItsReadableFrames_fromEachKeyframeOn() throws Exception {
    Path clip = folder.resolve("clip.mkv");
    Files.write(clip, Arrays.copyOf(Files.readAllBytes(CLIPS.resolve("open-gop.mkv")), 9_000));
    List<Frame> frames = GoldenVideo.frames(clip, VideoSettings.ALL).subList(0, 20);
    List<String> golden = GoldenVideo.of("open-gop.mkv").stream().map(GoldenVideo::md5).toList();
    assertThat(md5s(frames)).isEqualTo(golden.subList(0, 20));
    assertThat(md5s(frames.subList(12, 20))).isEqualTo(golden.subList(12, 20));
    assertThat(md5s(frames)).isEqualTo(golden.subList(0, 20));
  }

  @Test
  void fileThatGrows_hasTheFramesThatWereListed() throws Exception {
    Path clip = folder.resolve("clip.ts");
    byte[] whole = Files.readAllBytes(CLIPS.resolve("open-gop.ts"));
    Files.write(clip, Arrays.copyOf(whole, 188 * 60));
    List<Frame> frames = GoldenVideo.frames(clip, VideoSettings.ALL);
    Files.write(clip, whole);
    List<String> golden = GoldenVideo.of("open-gop.ts").stream().map(GoldenVideo::md5).toList();
    assertThat(frames).hasSizeBetween(10, 30);
    // The last ones may lack packets that came later.
    List<Frame> safe = frames.subList(0, frames.size() - 4);
    assertThat(md5s(safe)).isEqualTo(golden.subList(0, safe.size()));
  }

  @Test
  void storageThatHangs_isAnErrorAfterTheTimeout() throws Exception {
    Path clip = folder.resolve("hangs.mp4");
    Files.copy(CLIPS.resolve("gop12.mp4"), clip);
    Frame first = GoldenVideo.frames(clip, VideoSettings.ALL).get(0);
    Frame remote =
        new Frame(
            new FrameRef(TestFileSystem.url(clip), 0L, 0L),
            first.length(),
            null,
            0,
            null,
            first.run());
    CountDownLatch end = new CountDownLatch(1);
    TestFileSystem.OPENINGS.put("hangs.mp4", end::await);
    try {
      ByteSource slow = new HadoopByteSource(TestFileSystem.configuration(0), AutoInt.AUTO, 0.05);
      assertThatThrownBy(() -> reader.decode(remote, slow))
          .isInstanceOf(FrameException.class)
          .hasMessage("cannot be read: not read within 0.05 s (lane.frame-timeout)");
    } finally {
      end.countDown();
      TestFileSystem.reset();
    }
  }

  @Test
  void manyFiles_mayBeOpenAtTheSameTime() throws Exception {
    List<Frame> frames = frames("gop12.mp4");
    String first = md5(frames.get(0));
    List<VideoReader> open = new ArrayList<>();
    int before = FfmpegIo.open();
    try {
      for (int i = 0; i < 40; i++) {
        open.add(new VideoReader(1 << 24));
        assertThat(open.get(i).decode(frames.get(i), source).width()).isEqualTo(160);
      }
    } finally {
      open.forEach(VideoReader::close);
    }
    assertThat(first).isNotEmpty();
    assertThat(FfmpegIo.open()).as("open files").isEqualTo(before);
  }

  @Test
  void readAhead_isBounded_andFollowsTheReader() throws Exception {
    Path file = Files.write(folder.resolve("zeros"), new byte[8 << 20]);
    int before = TestFileSystem.OPENED.get();
    try (FileBytes bytes =
        new HadoopByteSource(TestFileSystem.configuration(0), AutoInt.AUTO, 10)
            .open(Frame.image(TestFileSystem.url(file), 8 << 20, null, 0))) {
      long read = 0;
      while (read < bytes.length()) {
        read += bytes.read(read).length();
      }
      assertThat(read).isEqualTo(8 << 20);
      assertThat(bytes.read(100).length()).isPositive();
      assertThat(bytes.read((8 << 20) - 1).length()).isEqualTo(1);
    }
    assertThat(TestFileSystem.OPENED.get() - before).as("openings of the file").isEqualTo(1);
  }

  private static List<List<Integer>> runs(List<Frame> frames) {
    List<List<Integer>> runs = new ArrayList<>();
    for (int i = 0; i < frames.size(); i++) {
      if (i == 0 || !Objects.equals(frames.get(i).run(), frames.get(i - 1).run())) {
        runs.add(new ArrayList<>());
      }
      runs.get(runs.size() - 1).add(i);
    }
    return runs;
  }
}
