package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.tandem.Paths;
import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import io.tandem.conf.VideoSettings;
import io.tandem.source.Frame;
import io.tandem.source.VideoFrames;
import io.tandem.spark.HadoopConf;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that frames of videos are shown as players show them. */
final class VideoPixelsTest {
  private static final long MOST_PIXELS = 1 << 24;

  /**
   * Of 255: another version of FFmpeg interpolates chroma otherwise. By a wrong matrix it is 4.9,
   * by a wrong range 9.4.
   */
  private static final double MOST_DIFFERENCE = 3;

  private final ByteSource source = new HadoopByteSource(new Configuration(), AutoInt.AUTO, 10);

  private static Frame first(Path clip) throws IOException {
    return VideoFrames.of(
            Frame.image(clip.toUri().toString(), Files.size(clip), null, 0),
            new VideoIndexer(10),
            VideoSettings.ALL,
            HadoopConf.here(new Configuration()))
        .get(0);
  }

  private Picture whole(String clip) throws Exception {
    return PictureReader.read(first(Paths.VIDEOS.resolve(clip)), source, MOST_PIXELS).picture();
  }

  /** Returns the first picture of a clip as the ffmpeg program shows it. */
  private static Picture golden(String clip) throws Exception {
    return PictureReader.read(Files.readAllBytes(Paths.VIDEOS.resolve(clip + ".png")));
  }

  private Picture scaled(Frame frame, int width, int height, Fit fit) throws FrameException {
    Settings.Decoding decoding =
        new Settings.Decoding(fit, AutoInt.AUTO, MOST_PIXELS, JpegLibrary.FFMPEG, false);
    try (FrameDecoder decoder =
        new FrameDecoder(width, height, PixelLayout.INTERLEAVED, decoding)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      decoder.decode(frame, source, pixels, 0);
      byte[] rgb = new byte[pixels.capacity()];
      pixels.get(0, rgb);
      return new Picture(width, height, rgb);
    }
  }

  private static double difference(Picture a, Picture b) {
    return 255 * a.rootMeanSquareDifference(b);
  }

  @Test
  void rotation_isAppliedAsPlayersDo() throws Exception {
    Picture turned = whole("turned.mp4");
    assertThat(turned.width()).isEqualTo(90);
    assertThat(difference(turned, golden("turned.mp4"))).isLessThan(MOST_DIFFERENCE);
  }

  @Test
  void wideSamples_becomeSquares() throws Exception {
    assertThat(difference(whole("anamorphic.mp4"), golden("anamorphic.mp4")))
        .isLessThan(MOST_DIFFERENCE);
    Frame stored = first(Paths.VIDEOS.resolve("anamorphic.mp4"));
    Frame square = first(Paths.VIDEOS.resolve("gop12.mp4"));
    for (Fit fit : new Fit[] {Fit.CROP, Fit.LETTERBOX, Fit.STRETCH}) {
      Picture expected = scaled(square, 64, 64, fit);
      // The clips are encoded by themselves; cropped without its aspect it differs by 30.
      assertThat(difference(scaled(stored, 64, 64, fit), expected)).as("%s", fit).isLessThan(12);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"bt709.mp4", "full-range.mp4", "ten-bit.mp4", "alpha.webm"})
  void colours_areThoseOfTheTags(String clip) throws Exception {
    assertThat(difference(whole(clip), golden(clip))).isLessThan(MOST_DIFFERENCE);
  }

  @Test
  void interlacedVideo_isNoted() {
    Path clip = Paths.VIDEOS.resolve("interlaced.mp4");
    var listing =
        new VideoIndexer(10)
            .list(
                Frame.image(clip.toUri().toString(), clip.toFile().length(), null, 0),
                new Configuration());
    assertThat(listing.findings().note()).startsWith("is interlaced");
    assertThat(listing.size()).isEqualTo(6);
  }
}
