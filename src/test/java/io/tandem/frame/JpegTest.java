package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.conf.Fit;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** JPEGs that cameras, browsers and careless programs write, by each library. */
@ParameterizedClass
@EnumSource(Decoding.class)
final class JpegTest {
  /** One is larger than the pictures, and one so small that scaled decoding applies. */
  private static final List<Integer> SIDES = List.of(224, 60);

  /** The mean difference of one channel of one pixel, of 255. */
  private static final double ALIKE = 3;

  /** What scaled decoding changes at most, of the bundled frames and of fur. */
  private static final double OF_FRAMES = 0.7;

  private static final double OF_FUR = 2;

  private final Decoding decoding;

  JpegTest(Decoding decoding) {
    decoding.assumeIsHere();
    this.decoding = decoding;
  }

  @ParameterizedTest
  @CsvSource({
    "cmyk-adobe.jpg, plain.png",
    "exif-broken.jpg, plain.png",
    "exif-empty.jpg, plain.png",
    "exif6-be.jpg, plain.png",
    "exif6-le.jpg, plain.png",
    "mjpeg-short-app1.jpg, plain.png",
    "mjpeg.jpg, plain.png",
    "no-eoi.jpg, plain.png",
    "progressive.jpg, plain.png",
    "rgb-components.jpg, plain.png",
    "trailing-text.jpg, plain.png",
    "two-pictures.jpg, plain.png",
    "odd-444.jpg, odd.png",
    "odd-422.jpg, odd.png",
    "odd-420.jpg, odd.png",
    "odd-420-restart.jpg, odd.png",
    "odd-grey.jpg, odd-grey.png",
  })
  void picture_decodesAsItsTwin(String image, String twin) throws Exception {
    for (int side : SIDES) {
      for (Fit fit : Fit.values()) {
        byte[] found = decode(decoding, side, fit, image);
        byte[] right = decode(Decoding.FFMPEG, side, fit, twin);
        boolean scaled = decoding == Decoding.TURBO_SCALED && side == 60;
        assertThat(Pixels.difference(found, right))
            .as("%d %s", side, fit)
            .isLessThan(scaled ? ALIKE + OF_FUR : ALIKE);
      }
    }
  }

  @Test
  void missingQuantisationTable_isAnError() {
    for (int side : SIDES) {
      assertThatThrownBy(() -> decode(decoding, side, Fit.CROP, "no-quantisation-table.jpg"))
          .isInstanceOf(FrameException.class)
          .hasMessage("damaged JPEG: no quantisation table");
    }
  }

  /** As the frames of a camera that writes Motion JPEG, among pictures with tables of their own. */
  @Test
  void standardHuffmanTables_holdWhereAFileHasNone_whateverCameBefore() throws Exception {
    byte[] right = decode(Decoding.FFMPEG, 224, Fit.CROP, "plain.png");
    try (FrameDecoder decoder = decoder(decoding, 224, Fit.CROP)) {
      for (String image : List.of("mjpeg.jpg", "optimised.jpg", "mjpeg.jpg", "odd-420.jpg")) {
        byte[] found = Pixels.by(decoder, bytes(image));
        if (image.startsWith("mjpeg")) {
          assertThat(Pixels.difference(found, right)).as(image).isLessThan(ALIKE);
        }
      }
    }
  }

  @Test
  void damagedPicture_isAnError_howeverItIsCut() throws Exception {
    for (String image : List.of("progressive.jpg", "odd-420-restart.jpg", "odd-grey.jpg")) {
      byte[] whole = bytes(image);
      for (int side : SIDES) {
        try (FrameDecoder decoder = decoder(decoding, side, Fit.CROP)) {
          ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
          for (int percent = 5; percent <= 85; percent += 20) {
            int length = whole.length * percent / 100;
            assertThatThrownBy(() -> decoder.decode(whole, length, pixels, 0))
                .as("%s cut at %d %%", image, percent)
                .isInstanceOf(FrameException.class)
                .hasMessageStartingWith("damaged JPEG: ");
          }
        }
      }
    }
  }

  /** Of the bundled frames, which are shrunk by 2 for the first two, and by 4 for the others. */
  @ParameterizedTest
  @ValueSource(ints = {224, 112, 72, 56})
  void effectOfScaledDecoding_isBounded(int side) throws Exception {
    double sum = 0;
    List<String> frames =
        List.of("bigbuckbunny-0001.jpg", "bigbuckbunny-0040.jpg", "bigbuckbunny-0099.jpg");
    for (String frame : frames) {
      byte[] bytes = Files.readAllBytes(Paths.FRAMES.resolve(frame));
      sum +=
          Pixels.difference(
              decode(decoder(decoding, side, Fit.CROP), bytes),
              decode(decoder(Decoding.FFMPEG, side, Fit.CROP), bytes));
    }
    if (decoding == Decoding.TURBO_SCALED) {
      assertThat(sum / frames.size()).as("shrunk at all").isGreaterThan(0.1);
    }
    assertThat(sum / frames.size()).isLessThan(OF_FRAMES);
  }

  private static FrameDecoder decoder(Decoding decoding, int side, Fit fit) {
    return decoding.decoder(side, side, PixelLayout.INTERLEAVED, fit, 200_000_000);
  }

  private static byte[] decode(Decoding decoding, int side, Fit fit, String image)
      throws Exception {
    return decode(decoder(decoding, side, fit), bytes(image));
  }

  private static byte[] decode(FrameDecoder decoder, byte[] bytes) throws Exception {
    try (decoder) {
      return Pixels.by(decoder, bytes);
    }
  }

  private static byte[] bytes(String image) throws Exception {
    return Files.readAllBytes(Paths.JPEGS.resolve(image));
  }
}
