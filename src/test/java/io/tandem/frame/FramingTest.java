package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.Paths;
import io.tandem.conf.Fit;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How a frame meets a model's size, against what torchvision, Pillow and OpenCV make of the same
 * picture: data/make/framing.py.
 */
@ParameterizedClass
@EnumSource(Decoding.class)
final class FramingTest {
  private static final Path GOLDEN = Paths.GOLDEN.resolve("framing");
  private static final Path COFFEE = Paths.PHOTOS.resolve("coffee.png");
  private static final Path FRAME = Paths.FRAMES.resolve("bigbuckbunny-0040.jpg");

  private final Decoding decoding;

  FramingTest(Decoding decoding) {
    decoding.assumeIsHere();
    this.decoding = decoding;
  }

  @ParameterizedTest
  @CsvSource({
    "256, 224, BILINEAR, bilinear-256-224.png",
    "342, 299, BICUBIC, bicubic-342-299.png",
    "100, 96, BILINEAR_ALIASED, aliased-100-96.png",
  })
  void resize_isThatOfTorchvisionsPresets(
      int resize, int size, Framing.Filter filter, String golden) throws Exception {
    Decoded decoded = decode(COFFEE, size, Channels.RGB, Fit.CROP, new Framing(resize, filter, 0));
    assertThat(Pixels.difference(decoded.pixels, read(golden))).isLessThan(0.6);
    // 600 x 400 pixels: a pixel of the input is 400 / resize of the photo's.
    Geometry.Point middle = decoded.geometry.toSource(size / 2.0, size / 2.0);
    assertThat(middle.x()).isCloseTo(300, within(1.0));
    assertThat(middle.y()).isCloseTo(200, within(1.0));
    double left = decoded.geometry.toSource(0, 0).x();
    assertThat(middle.x() - left).isCloseTo(size / 2.0 * 400 / resize, within(0.5));
  }

  @ParameterizedTest
  @CsvSource({"BILINEAR, frame-120-112.png", "BICUBIC, frame-bicubic-120-112.png"})
  void resizeOfALargeJpeg_isThatOfTorchvision(Framing.Filter filter, String golden)
      throws Exception {
    Decoded decoded = decode(FRAME, 112, Channels.RGB, Fit.CROP, new Framing(120, filter, 0));
    assertThat(Pixels.difference(decoded.pixels, read(golden))).isLessThan(0.6);
  }

  @ParameterizedTest
  @CsvSource({"BILINEAR, letterbox-114.png", "BILINEAR_ALIASED, letterbox-aliased-114.png"})
  void bars_haveTheirValue(Framing.Filter filter, String golden) throws Exception {
    Decoded decoded = decode(COFFEE, 160, Channels.RGB, Fit.LETTERBOX, new Framing(0, filter, 114));
    assertThat(Pixels.difference(decoded.pixels, read(golden))).isLessThan(0.6);
    assertThat(decoded.pixels[0] & 0xff).isEqualTo(114);
  }

  @Test
  void grey_isThatOfPillow() throws Exception {
    Decoded decoded = decode(COFFEE, 96, Channels.GREY, Fit.CROP, Framing.USUAL);
    byte[] rgb = read("grey-96.png");
    byte[] expected = new byte[rgb.length / 3];
    for (int i = 0; i < expected.length; i++) {
      expected[i] = rgb[3 * i];
    }
    assertThat(decoded.pixels).hasSameSizeAs(expected);
    assertThat(Pixels.difference(decoded.pixels, expected)).isLessThan(0.6);
  }

  @ParameterizedTest
  @EnumSource(PixelLayout.class)
  void bgr_isRgbWithItsChannelsTurned(PixelLayout layout) throws Exception {
    byte[] rgb = decode(COFFEE, 50, layout, Channels.RGB, Fit.CROP, Framing.USUAL).pixels;
    byte[] bgr = decode(COFFEE, 50, layout, Channels.BGR, Fit.CROP, Framing.USUAL).pixels;
    for (int i = 0; i < 50 * 50; i++) {
      for (int channel = 0; channel < 3; channel++) {
        boolean planes = layout == PixelLayout.PLANES;
        int at = planes ? channel * 2500 + i : 3 * i + channel;
        int other = planes ? (2 - channel) * 2500 + i : 3 * i + 2 - channel;
        assertThat(bgr[at]).isEqualTo(rgb[other]);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void turnedPicture_isResizedAsItsUprightTwin(int orientation) throws Exception {
    for (int resize : new int[] {80, 81, 107}) {
      Framing framing = new Framing(resize, Framing.Filter.BILINEAR, 0);
      byte[] turned = decodeTwin("exif-%d.jpg".formatted(orientation), framing);
      assertThat(Pixels.difference(turned, decodeTwin("exif-1.jpg", framing)))
          .isLessThan(2.5); // 1.8 by torchvision, 8 if moved by a pixel
    }
  }

  private byte[] decodeTwin(String image, Framing framing) throws Exception {
    return decode(Paths.IMAGES.resolve(image), 80, Channels.RGB, Fit.CROP, framing).pixels;
  }

  @SuppressWarnings("ArrayRecordComponent")
  private record Decoded(byte[] pixels, Geometry geometry) {}

  private Decoded decode(Path photo, int side, Channels channels, Fit fit, Framing framing)
      throws Exception {
    return decode(photo, side, PixelLayout.INTERLEAVED, channels, fit, framing);
  }

  private Decoded decode(
      Path photo, int side, PixelLayout layout, Channels channels, Fit fit, Framing framing)
      throws Exception {
    byte[] file = Files.readAllBytes(photo);
    try (FrameDecoder decoder = decoding.decoder(side, side, layout, channels, fit, framing)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      Geometry geometry = decoder.decode(file, file.length, pixels, 0);
      byte[] copy = new byte[decoder.frameBytes()];
      pixels.get(0, copy);
      return new Decoded(copy, geometry);
    }
  }

  private static byte[] read(String name) throws Exception {
    return PictureReader.read(Files.readAllBytes(GOLDEN.resolve(name))).rgb();
  }
}
