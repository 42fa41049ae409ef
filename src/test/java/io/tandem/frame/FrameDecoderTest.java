package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.conf.Fit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass
@EnumSource(Decoding.class)
final class FrameDecoderTest {
  private static final int SIDE = Pixels.SIDE;

  /** The mean difference of one channel of one pixel, of 255. */
  private static final double ALIKE = 3;

  private final Decoding decoding;

  FrameDecoderTest(Decoding decoding) {
    decoding.assumeIsHere();
    this.decoding = decoding;
  }

  @ParameterizedTest
  @CsvSource({
    "plain.jpg, plain.png",
    "plain.webp, plain.png",
    "sixteen-bit.png, plain.png",
    "cmyk.jpg, plain.png",
    "grey.jpg, grey-rgb.jpg",
    "exif-rotated.jpg, plain.png",
  })
  void format_decodesAsItsPlainTwin(String image, String twin) throws Exception {
    assertThat(Pixels.difference(decode(image, Fit.CROP), decode(twin, Fit.CROP)))
        .isLessThan(ALIKE);
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8})
  void orientation_isTurnedUpright(int orientation) throws Exception {
    for (Fit fit : Fit.values()) {
      byte[] upright = decode("exif-1.jpg", fit);
      byte[] turned = decode("exif-" + orientation + ".jpg", fit);
      assertThat(Pixels.difference(upright, turned)).as("%s", fit).isLessThan(ALIKE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain.png", "sixteen-bit.png", "plain.jpg", "plain.webp"})
  void picture_isTheSame_afterOneOfItsSize(String image) throws Exception {
    byte[] file = bytes(image);
    ByteBuffer first = ByteBuffer.allocateDirect(3 * SIDE * SIDE);
    ByteBuffer second = ByteBuffer.allocateDirect(3 * SIDE * SIDE);
    try (FrameDecoder decoder = decoder(Fit.CROP)) {
      decoder.decode(file, file.length, first, 0);
      decoder.decode(file, file.length, second, 0);
    }
    assertThat(second).isEqualTo(first);
  }

  @Test
  void pictures_differWhereTheyShould() throws Exception {
    assertThat(Pixels.difference(decode("plain.jpg", Fit.CROP), decode("grey.jpg", Fit.CROP)))
        .isGreaterThan(2 * ALIKE);
    assertThat(Pixels.difference(decode("plain.jpg", Fit.CROP), decode("plain.jpg", Fit.STRETCH)))
        .isGreaterThan(2 * ALIKE);
  }

  @Test
  void colours_areFullRangeRgb() throws Exception {
    byte[] pixels = decode("one-pixel.png", Fit.CROP);
    assertThat(pixels[0] & 0xff).isEqualTo(200);
    assertThat(pixels[1] & 0xff).isEqualTo(100);
    assertThat(pixels[2] & 0xff).isEqualTo(50);
    assertThat(pixels[pixels.length - 1] & 0xff).isEqualTo(50);
  }

  @Test
  void letterbox_keepsProportionsBetweenBlackBars() throws Exception {
    byte[] pixels = decode("plain.png", Fit.LETTERBOX);
    int bar = (SIDE - Math.round(SIDE * 300 / 451f)) / 2;
    assertThat(rowSum(pixels, 0)).isZero();
    assertThat(rowSum(pixels, bar - 1)).isZero();
    assertThat(rowSum(pixels, bar + 1)).isPositive();
    assertThat(rowSum(pixels, SIDE / 2)).isPositive();
    assertThat(rowSum(pixels, SIDE - 1)).isZero();
  }

  @Test
  void letterbox_leavesNothingOfTheFrameBefore() throws Exception {
    try (FrameDecoder decoder = decoder(Fit.LETTERBOX)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      for (int i = 0; i < pixels.capacity(); i++) {
        pixels.put(i, (byte) 77);
      }
      byte[] bytes = bytes("plain.png");
      decoder.decode(bytes, bytes.length, pixels, 0);
      assertThat(pixels.get(0)).isZero();
    }
  }

  @Test
  void placeInBatch_isFilledAndNoOther() throws Exception {
    // 3 * 97 bytes a row: no multiple of what SIMD instructions write at once.
    try (FrameDecoder decoder =
        decoding.decoder(97, 61, PixelLayout.INTERLEAVED, Fit.CROP, Long.MAX_VALUE)) {
      int size = decoder.frameBytes();
      ByteBuffer pixels = ByteBuffer.allocateDirect(3 * size);
      byte[] bytes = bytes("plain.jpg");
      decoder.decode(bytes, bytes.length, pixels, size);
      for (int i = 0; i < size; i++) {
        assertThat(pixels.get(i)).isZero();
        assertThat(pixels.get(2 * size + i)).isZero();
      }
    }
  }

  @Test
  void decoder_isTheSameAfterADamagedFrame() throws Exception {
    try (FrameDecoder decoder = decoder(Fit.CROP)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      byte[] damaged = bytes("truncated.jpg");
      assertThatThrownBy(() -> decoder.decode(damaged, damaged.length, pixels, 0))
          .isInstanceOf(FrameException.class);
      assertThat(Pixels.by(decoder, bytes("plain.jpg"))).isEqualTo(decode("plain.jpg", Fit.CROP));
    }
  }

  @ParameterizedTest
  @EnumSource(Fit.class)
  void planes_areTheInterleavedPixelsTakenApart(Fit fit) throws Exception {
    for (String image : List.of("plain.jpg", "exif-6.jpg", "plain.png")) {
      byte[] bytes = bytes(image);
      byte[] interleaved = decode(image, fit);
      byte[] planes = new byte[interleaved.length];
      try (FrameDecoder decoder =
          decoding.decoder(SIDE, SIDE, PixelLayout.PLANES, fit, 200_000_000)) {
        ByteBuffer pixels = ByteBuffer.allocateDirect(2 * decoder.frameBytes());
        decoder.decode(bytes, bytes.length, pixels, decoder.frameBytes());
        pixels.get(decoder.frameBytes(), planes);
      }
      byte[] apart = new byte[interleaved.length];
      for (int i = 0; i < interleaved.length; i++) {
        apart[i % 3 * SIDE * SIDE + i / 3] = interleaved[i];
      }
      assertThat(planes).as(image).isEqualTo(apart);
    }
  }

  @Test
  void hugePicture_isDecoded() throws Exception {
    assertThat(rowSum(decode("huge.jpg", Fit.CROP), SIDE / 2)).isPositive();
  }

  @ParameterizedTest
  @CsvSource({
    "truncated.jpg, damaged JPEG: ",
    "truncated-late.jpg, damaged JPEG: ",
    "truncated.png, damaged PNG: ",
    "text.jpg, 'not an image: no JPEG, PNG, WebP, GIF, BMP or TIFF'",
    "claims-60000.jpg, 'too large JPEG: 60000 x 60000 pixels are more than frames.max-pixels = '",
  })
  void damage_isAnErrorThatSaysWhat(String image, String message) {
    assertThatThrownBy(() -> decode(image, Fit.CROP))
        .isInstanceOf(FrameException.class)
        .hasMessageStartingWith(message)
        .message()
        .hasSizeGreaterThan(message.length() - 1);
  }

  @Test
  void everyTruncation_isAnError() throws Exception {
    byte[] whole = bytes("plain.jpg");
    try (FrameDecoder decoder = decoder(Fit.CROP)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      for (int percent = 5; percent <= 95; percent += 5) {
        int length = whole.length * percent / 100;
        assertThatThrownBy(() -> decoder.decode(whole, length, pixels, 0))
            .as("cut at %d %%", percent)
            .isInstanceOf(FrameException.class);
      }
    }
  }

  @Test
  void tooManyPixels_areRefusedFromTheHeader() throws Exception {
    byte[] bytes = bytes("huge.jpg");
    try (FrameDecoder decoder =
        decoding.decoder(SIDE, SIDE, PixelLayout.INTERLEAVED, Fit.CROP, 12_000 * 9_000 - 1)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      assertThatThrownBy(() -> decoder.decode(bytes, bytes.length, pixels, 0))
          .isInstanceOf(FrameException.class)
          .hasMessageContaining("12000 x 9000");
    }
  }

  private FrameDecoder decoder(Fit fit) {
    return decoding.decoder(SIDE, SIDE, PixelLayout.INTERLEAVED, fit, 200_000_000);
  }

  private byte[] decode(String image, Fit fit) throws Exception {
    try (FrameDecoder decoder = decoder(fit)) {
      return Pixels.by(decoder, bytes(image));
    }
  }

  private static byte[] bytes(String image) throws IOException {
    return Files.readAllBytes(Paths.IMAGES.resolve(image));
  }

  private static long rowSum(byte[] pixels, int row) {
    long sum = 0;
    for (int i = 0; i < 3 * SIDE; i++) {
      sum += pixels[row * 3 * SIDE + i] & 0xff;
    }
    return sum;
  }
}
