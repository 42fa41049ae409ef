package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Paths;
import io.tandem.conf.Fit;
import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a frame meets a model's size, against what torchvision and Pillow make of the same photo. */
final class FramingTest {
  private static final Path GOLDEN = Paths.GOLDEN.resolve("framing");

  @ParameterizedTest
  @CsvSource({
    "256, 224, false, bilinear-256-224.png",
    "342, 299, true, bicubic-342-299.png",
  })
  void resize_isThatOfTorchvisionsPresets(int resize, int size, boolean bicubic, String golden)
      throws Exception {
    Framing framing = new Framing(resize, bicubic, 0);
    Decoded decoded =
        decode("coffee.png", size, PixelLayout.INTERLEAVED, Channels.RGB, Fit.CROP, framing);
    Picture expected = read(golden);
    Picture own = new Picture(size, size, decoded.pixels);
    assertThat(own.rootMeanSquareDifference(expected) * 255).isLessThan(1.0);
    // 600 x 400 pixels: a pixel of the input is 400 / resize of the photo's.
    Geometry.Point middle = decoded.geometry.toSource(size / 2.0, size / 2.0);
    assertThat(middle.x()).isCloseTo(300, within(1.0));
    assertThat(middle.y()).isCloseTo(200, within(1.0));
    double left = decoded.geometry.toSource(0, 0).x();
    assertThat(middle.x() - left).isCloseTo(size / 2.0 * 400 / resize, within(0.5));
  }

  @Test
  void bars_haveTheirValue() throws Exception {
    Decoded decoded =
        decode(
            "coffee.png",
            160,
            PixelLayout.INTERLEAVED,
            Channels.RGB,
            Fit.LETTERBOX,
            new Framing(0, false, 114));
    Picture own = new Picture(160, 160, decoded.pixels);
    assertThat(own.rootMeanSquareDifference(read("letterbox-114.png")) * 255).isLessThan(1.5);
    assertThat(own.rgb()[0] & 0xff).isEqualTo(114);
  }

  @Test
  void grey_isThatOfPillow() throws Exception {
    Decoded decoded =
        decode("coffee.png", 96, PixelLayout.PLANES, Channels.GREY, Fit.CROP, Framing.USUAL);
    Picture expected = read("grey-96.png");
    long sum = 0;
    for (int i = 0; i < decoded.pixels.length; i++) {
      sum += Math.abs((decoded.pixels[i] & 0xff) - (expected.rgb()[3 * i] & 0xff));
    }
    assertThat(decoded.pixels).hasSize(96 * 96);
    assertThat(sum / (96.0 * 96)).isLessThan(1.0);
  }

  @ParameterizedTest
  @CsvSource({"PLANES", "INTERLEAVED"})
  void bgr_isRgbWithItsChannelsTurned(PixelLayout layout) throws Exception {
    byte[] rgb = decode("coffee.png", 50, layout, Channels.RGB, Fit.CROP, Framing.USUAL).pixels;
    byte[] bgr = decode("coffee.png", 50, layout, Channels.BGR, Fit.CROP, Framing.USUAL).pixels;
    for (int i = 0; i < 50 * 50; i++) {
      for (int channel = 0; channel < 3; channel++) {
        boolean planes = layout == PixelLayout.PLANES;
        int at = planes ? channel * 2500 + i : 3 * i + channel;
        int other = planes ? (2 - channel) * 2500 + i : 3 * i + 2 - channel;
        assertThat(bgr[at]).isEqualTo(rgb[other]);
      }
    }
  }

  @Test
  void turnedPicture_isResizedAsItsUprightTwin() throws Exception {
    Framing framing = new Framing(90, false, 0);
    Decoded turned =
        decode(
            Paths.IMAGES.resolve("exif-rotated.jpg"),
            80,
            PixelLayout.INTERLEAVED,
            Channels.RGB,
            Fit.CROP,
            framing);
    Decoded plain =
        decode(
            Paths.IMAGES.resolve("plain.jpg"),
            80,
            PixelLayout.INTERLEAVED,
            Channels.RGB,
            Fit.CROP,
            framing);
    assertThat(new Picture(80, 80, turned.pixels).psnr(new Picture(80, 80, plain.pixels)))
        .isGreaterThan(30);
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Decoded(byte[] pixels, Geometry geometry) {}

  private static Decoded decode(
      String photo, int side, PixelLayout layout, Channels channels, Fit fit, Framing framing)
      throws Exception {
    return decode(Paths.PHOTOS.resolve(photo), side, layout, channels, fit, framing);
  }

  private static Decoded decode(
      Path photo, int side, PixelLayout layout, Channels channels, Fit fit, Framing framing)
      throws Exception {
    byte[] file = Files.readAllBytes(photo);
    Settings.Decoding settings =
        new Settings.Decoding(fit, 1_000_000_000, JpegLibrary.FFMPEG, false);
    try (FrameDecoder decoder = new FrameDecoder(side, side, layout, channels, framing, settings)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      Geometry geometry = decoder.decode(file, file.length, pixels, 0);
      byte[] copy = new byte[decoder.frameBytes()];
      pixels.get(0, copy);
      return new Decoded(copy, geometry);
    }
  }

  private static Picture read(String name) throws Exception {
    return PictureReader.read(Files.readAllBytes(GOLDEN.resolve(name)));
  }
}
