package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.tandem.Paths;
import io.tandem.conf.VideoContainer;
import io.tandem.conf.VideoEncoding;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.ffmpeg.global.avutil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SegmentWriterTest {
  private static final int QUALITY = 80;

  /** Of a variable frame rate, and not from 0 on. */
  private static final List<Long> TIMES = List.of(7L, 33_340L, 33_341L, 99_999L, 100_000_000L);

  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(VideoEncoding.class)
  void everyFrame_isThere_atItsMicrosecond_nearItsPicture(VideoEncoding codec) throws Exception {
    List<Picture> pictures = frames(TIMES.size());
    Clip clip = joined(codec, segment(codec, QUALITY, pictures, TIMES));
    assertThat(clip.times()).isEqualTo(TIMES);
    assertThat(clip.frames().get(0).isKey()).isTrue();
    for (int i = 0; i < pictures.size(); i++) {
      assertThat(clip.frames().get(i).picture().psnr(pictures.get(i)))
          .as("frame %d", i)
          .isGreaterThan(39);
    }
  }

  @ParameterizedTest
  @EnumSource(VideoEncoding.class)
  void colours_areThoseOfTheirTags(VideoEncoding codec) throws Exception {
    int[] colours = {0xff0000, 0x00ff00, 0x0000ff, 0xffffff, 0x000000, 0x808080, 0xe0b090};
    for (int colour : colours) {
      Picture even = even(48, 32, colour);
      Clip.Shown shown =
          joined(codec, segment(codec, 100, List.of(even), List.of(0L))).frames().get(0);
      assertThat(shown.tags())
          .isEqualTo(
              new Clip.Tags(
                  avutil.AVCOL_SPC_BT709,
                  avutil.AVCOL_RANGE_MPEG,
                  avutil.AVCOL_PRI_BT709,
                  avutil.AVCOL_TRC_BT709));
      for (int at : new int[] {0, 3 * (16 * 48 + 24)}) {
        for (int channel = 0; channel < 3; channel++) {
          assertThat(shown.picture().rgb()[at + channel] & 0xff)
              .as("channel %d of %06x", channel, colour)
              .isBetween(
                  (even.rgb()[at + channel] & 0xff) - 3, (even.rgb()[at + channel] & 0xff) + 3);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(VideoEncoding.class)
  void oddSizes_areKept_orForH264FilledToEvenOnes(VideoEncoding codec) throws Exception {
    Picture odd = part(frames(1).get(0), 101, 77);
    Picture shown =
        joined(codec, segment(codec, 100, List.of(odd), List.of(0L))).frames().get(0).picture();
    int filled = codec == VideoEncoding.H264 ? 1 : 0;
    assertThat(shown.width()).isEqualTo(101 + filled);
    assertThat(shown.height()).isEqualTo(77 + filled);
    assertThat(part(shown, 101, 77).psnr(odd)).isGreaterThan(35);
    assertThat(part(shown, shown.width(), shown.height()).psnr(grown(odd, filled)))
        .isGreaterThan(34);
  }

  @Test
  void pictureOfAnotherSize_isScaledToTheFirst() throws Exception {
    Picture photo = frames(1).get(0);
    Picture wide = even(400, 100, 0x336699);
    Clip clip =
        joined(
            VideoEncoding.H264,
            segment(VideoEncoding.H264, QUALITY, List.of(photo, wide), List.of(0L, 40_000L)));
    assertThat(clip.frames().get(1).picture().psnr(even(1280, 720, 0x336699))).isGreaterThan(35);
  }

  @Test
  void repeatedPicture_isTheOneBefore() throws Exception {
    Picture photo = frames(1).get(0);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SegmentWriter writer = new SegmentWriter(out, VideoEncoding.H264, QUALITY, 0)) {
      assertThatThrownBy(() -> writer.repeat(0)).isInstanceOf(IllegalStateException.class);
      writer.add(photo, 0);
      writer.repeat(40_000);
      writer.repeat(80_000);
      writer.finish();
      assertThat(writer.frames()).isEqualTo(3);
    }
    Clip clip = joined(VideoEncoding.H264, out.toByteArray());
    assertThat(clip.times()).containsExactly(0L, 40_000L, 80_000L);
    assertThat(clip.frames()).allMatch(frame -> frame.picture().psnr(photo) > 39);
  }

  @Test
  void framesOfOneTime_areAMicrosecondApart() throws Exception {
    List<Picture> pictures = frames(3);
    Clip clip =
        joined(
            VideoEncoding.H264,
            segment(VideoEncoding.H264, QUALITY, pictures, List.of(50L, 50L, 49L)));
    assertThat(clip.times()).containsExactly(50L, 51L, 52L);
  }

  @ParameterizedTest
  @EnumSource(VideoEncoding.class)
  void higherQuality_isNearer_andLarger(VideoEncoding codec) throws Exception {
    List<Picture> pictures = frames(4);
    List<Long> times = List.of(0L, 40_000L, 80_000L, 120_000L);
    double before = 0;
    int size = 0;
    for (int quality : new int[] {1, 50, 80, 100}) {
      byte[] segment = segment(codec, quality, pictures, times);
      double psnr = joined(codec, segment).frames().get(3).picture().psnr(pictures.get(3));
      assertThat(psnr).as("quality %d", quality).isGreaterThan(before);
      assertThat(segment.length).as("quality %d", quality).isGreaterThan(size);
      before = psnr;
      size = segment.length;
    }
  }

  @Test
  void keyframes_areAtMost250FramesApart_andTheGroupIsClosed() throws Exception {
    List<Picture> pictures = new ArrayList<>();
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 251; i++) {
      pictures.add(even(32, 32, 0x010101 * (i % 250)));
      times.add(i * 40_000L);
    }
    Clip clip = joined(VideoEncoding.H264, segment(VideoEncoding.H264, QUALITY, pictures, times));
    assertThat(clip.frames()).hasSize(251);
    assertThat(clip.frames().get(250).isKey()).isTrue();
  }

  @Test
  void pictureTooLargeForH264_isRefused_inASentence() {
    assertThatThrownBy(
            () -> segment(VideoEncoding.H264, QUALITY, List.of(even(5120, 2880, 0)), List.of(0L)))
        .isInstanceOf(FrameException.class)
        .hasMessageContaining("5120 x 2880 pixels cannot be encoded as h264");
  }

  @Test
  void fullDisk_isAnIoException() throws Exception {
    Path full = Path.of("/dev/full");
    assumeThat(full).exists();
    List<Picture> pictures = frames(4);
    try (OutputStream out = Files.newOutputStream(full);
        SegmentWriter writer = new SegmentWriter(out, VideoEncoding.H264, 100, 0)) {
      assertThatThrownBy(
              () -> {
                for (int i = 0; i < 4; i++) {
                  writer.add(pictures.get(i), i);
                }
                writer.finish();
              })
          .isInstanceOf(IOException.class)
          .hasMessageContaining("No space left on device");
    }
  }

  private static byte[] segment(
      VideoEncoding codec, int quality, List<Picture> pictures, List<Long> times)
      throws IOException, FrameException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (SegmentWriter writer = new SegmentWriter(out, codec, quality, 0)) {
      for (int i = 0; i < pictures.size(); i++) {
        writer.add(pictures.get(i), times.get(i));
      }
      writer.finish();
    }
    return out.toByteArray();
  }

  private Clip joined(VideoEncoding codec, byte[] segment) throws IOException, FrameException {
    Path file = folder.resolve(codec + ".mp4");
    try (VideoJoiner joiner = VideoJoiner.to(file, VideoContainer.MP4, null)) {
      joiner.add(FileBytes.of(segment));
      joiner.finish();
    }
    return Clip.read(file);
  }

  static List<Picture> frames(int count) throws IOException, FrameException {
    List<Picture> pictures = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      Path file = Paths.FRAMES.resolve("bigbuckbunny-%04d.jpg".formatted(i));
      pictures.add(PictureReader.read(Files.readAllBytes(file)));
    }
    return pictures;
  }

  private static Picture even(int width, int height, int colour) {
    byte[] rgb = new byte[3 * width * height];
    for (int i = 0; i < rgb.length; i += 3) {
      rgb[i] = (byte) (colour >> 16);
      rgb[i + 1] = (byte) (colour >> 8);
      rgb[i + 2] = (byte) colour;
    }
    return new Picture(width, height, rgb);
  }

  /** Returns the upper left part of a picture. */
  private static Picture part(Picture of, int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    for (int y = 0; y < height; y++) {
      System.arraycopy(of.rgb(), 3 * y * of.width(), rgb, 3 * y * width, 3 * width);
    }
    return new Picture(width, height, rgb);
  }

  /** Returns a picture with its last column and row repeated. */
  private static Picture grown(Picture of, int by) {
    int width = of.width() + by;
    byte[] rgb = new byte[3 * width * (of.height() + by)];
    for (int y = 0; y < of.height() + by; y++) {
      for (int x = 0; x < width; x++) {
        int from = 3 * (Math.min(y, of.height() - 1) * of.width() + Math.min(x, of.width() - 1));
        System.arraycopy(
            Arrays.copyOfRange(of.rgb(), from, from + 3), 0, rgb, 3 * (y * width + x), 3);
      }
    }
    return new Picture(width, of.height() + by, rgb);
  }
}
