package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.conf.AutoInt;
import io.tandem.conf.VideoSettings;
import io.tandem.source.Frame;
import io.tandem.source.VideoFrames;
import io.tandem.spark.HadoopConf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.apache.hadoop.conf.Configuration;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decodes clips of many codecs, and compares each picture with what the ffmpeg program decodes. */
final class VideoReaderTest {
  private static final Path CLIPS = Paths.VIDEOS;

  private final ByteSource source = new HadoopByteSource(new Configuration(), AutoInt.AUTO, 10);
  private final VideoReader reader = new VideoReader(1 << 24);

  @TempDir Path folder;

  @AfterEach
  void close() {
    reader.close();
  }

  /** A frame of a clip, as ffmpeg has it. */
  private record Golden(long micros, String md5) {
    static List<Golden> of(String clip) throws IOException {
      List<Golden> all = new ArrayList<>();
      long num = 0;
      long den = 0;
      long first = 0;
      for (String line : Files.readAllLines(CLIPS.resolve(clip + ".md5"))) {
        if (line.startsWith("#tb 0: ")) {
          String[] unit = line.substring(7).split("/", -1);
          num = Long.parseLong(unit[0]);
          den = Long.parseLong(unit[1]);
          continue;
        }
        String[] columns = line.split(",\\s*", -1);
        long time = Long.parseLong(columns[2]);
        first = all.isEmpty() ? time : first;
        all.add(new Golden(Math.round((time - first) * 1e6 * num / den), columns[5]));
      }
      return all;
    }
  }

  private static List<Frame> frames(Path clip, VideoSettings settings) throws IOException {
    return VideoFrames.of(
        Frame.image(clip.toUri().toString(), Files.size(clip), null, 0),
        new VideoIndexer(10),
        settings,
        HadoopConf.here(new Configuration()));
  }

  private static List<Frame> frames(String clip) throws IOException {
    return frames(CLIPS.resolve(clip), VideoSettings.ALL);
  }

  private String md5(Frame frame) throws FrameException {
    AVFrame picture = reader.decode(frame, source);
    int format = picture.format();
    int size = avutil.av_image_get_buffer_size(format, picture.width(), picture.height(), 1);
    byte[] bytes = new byte[size];
    try (BytePointer copy = new BytePointer(size)) {
      avutil.av_image_copy_to_buffer(
          copy,
          size,
          picture.data(),
          picture.linesize(),
          format,
          picture.width(),
          picture.height(),
          1);
      copy.get(bytes);
      return HexFormat.of().formatHex(MessageDigest.getInstance("MD5").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
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
    List<Golden> golden = Golden.of(clip);
    List<Frame> frames = frames(clip);
    assertThat(frames)
        .extracting(frame -> frame.ref().ptsMicros())
        .isEqualTo(golden.stream().map(Golden::micros).toList());
    assertThat(frames)
        .extracting(frame -> Objects.requireNonNull(frame.ref().frameNumber()).intValue())
        .isEqualTo(java.util.stream.IntStream.range(0, frames.size()).boxed().toList());
    List<String> sums = golden.stream().map(Golden::md5).toList();
    assertThat(md5s(frames)).isEqualTo(sums);

    List<Integer> byRun = new ArrayList<>();
    for (List<Integer> run : runs(frames)) {
      byRun.addAll(0, run); // The last run first: each needs a seek.
    }
    assertThat(md5s(byRun.stream().map(frames::get).toList()))
        .isEqualTo(byRun.stream().map(sums::get).toList());
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
