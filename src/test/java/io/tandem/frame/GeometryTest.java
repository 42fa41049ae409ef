package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.tandem.conf.Fit;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A marker in a picture is where the geometry says, after decoding. */
@ParameterizedClass
@EnumSource(Decoding.class)
final class GeometryTest {
  private static final int WIDTH = 224;
  private static final int HEIGHT = 160;
  private static final int SOURCE_WIDTH = 1600;
  private static final int SOURCE_HEIGHT = 1201;
  private static final int MARKER_X = 700;
  private static final int MARKER_Y = 520;
  private static final int MARKER_SIDE = 80;

  /** SOI and JFIF's segment, as ImageIO writes them. */
  private static final int BEFORE_EXIF = 20;

  private final Decoding decoding;

  GeometryTest(Decoding decoding) {
    decoding.assumeIsHere();
    this.decoding = decoding;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void toSource_findsTheMarker(int orientation) throws Exception {
    byte[] image = withOrientation(encoded("jpg"), orientation);
    for (Fit fit : Fit.values()) {
      assertMarkerIsFound(image, orientation, fit, Framing.USUAL);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
  void toSource_afterAResize_findsTheMarker(int orientation) throws Exception {
    byte[] image = withOrientation(encoded("jpg"), orientation);
    for (Framing.Filter filter : Framing.Filter.values()) {
      assertMarkerIsFound(image, orientation, Fit.CROP, new Framing(257, filter, 0));
    }
  }

  @Test
  void toSource_ofAPng_findsTheMarker() throws Exception {
    assertMarkerIsFound(encoded("png"), 1, Fit.CROP, Framing.USUAL);
  }

  private void assertMarkerIsFound(byte[] image, int orientation, Fit fit, Framing framing)
      throws Exception {
    try (FrameDecoder decoder =
        decoding.decoder(WIDTH, HEIGHT, PixelLayout.INTERLEAVED, Channels.RGB, fit, framing)) {
      ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
      Geometry geometry = decoder.decode(image, image.length, pixels, 0);
      assertThat(geometry.width()).isEqualTo(SOURCE_WIDTH);
      assertThat(geometry.height()).isEqualTo(SOURCE_HEIGHT);
      assertThat(geometry.orientation()).isEqualTo(orientation);
      Geometry.Point marker = marker(pixels);
      Geometry.Point source = geometry.toSource(marker.x(), marker.y());
      String name = "%s, %s, orientation %d".formatted(fit, framing, orientation);
      double middle = MARKER_SIDE / 2.0;
      // A pixel of the model's input is up to 13 of the source: a quarter of one is allowed.
      assertThat(source.x()).as(name).isCloseTo(MARKER_X + middle, within(2.5));
      assertThat(source.y()).as(name).isCloseTo(MARKER_Y + middle, within(2.5));
    }
  }

  /** Returns the middle of the red pixels, weighted by how red they are. */
  private static Geometry.Point marker(ByteBuffer pixels) {
    double sum = 0;
    double sumX = 0;
    double sumY = 0;
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        int at = 3 * (y * WIDTH + x);
        int red = (pixels.get(at) & 0xff) - (pixels.get(at + 1) & 0xff);
        if (red > 30) {
          sum += red;
          sumX += red * (x + 0.5);
          sumY += red * (y + 0.5);
        }
      }
    }
    assertThat(sum).as("the marker is in the model's input").isPositive();
    return new Geometry.Point(sumX / sum, sumY / sum);
  }

  private static byte[] encoded(String format) throws IOException {
    BufferedImage image =
        new BufferedImage(SOURCE_WIDTH, SOURCE_HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.GRAY);
    graphics.fillRect(0, 0, SOURCE_WIDTH, SOURCE_HEIGHT);
    graphics.setColor(Color.RED);
    graphics.fillRect(MARKER_X, MARKER_Y, MARKER_SIDE, MARKER_SIDE);
    graphics.dispose();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    assertThat(ImageIO.write(image, format, bytes)).isTrue();
    return bytes.toByteArray();
  }

  /** Adds a segment of EXIF data with one entry, the orientation. */
  private static byte[] withOrientation(byte[] jpeg, int orientation) {
    ByteBuffer exif = ByteBuffer.allocate(36);
    exif.put(new byte[] {(byte) 0xff, (byte) 0xe1}).putShort((short) 34);
    exif.put(new byte[] {'E', 'x', 'i', 'f', 0, 0, 'M', 'M'}).putShort((short) 42).putInt(8);
    exif.putShort((short) 1).putShort((short) 0x0112).putShort((short) 3).putInt(1);
    exif.putShort((short) orientation).putShort((short) 0).putInt(0);
    return ByteBuffer.allocate(jpeg.length + exif.capacity())
        .put(jpeg, 0, BEFORE_EXIF)
        .put(exif.flip())
        .put(jpeg, BEFORE_EXIF, jpeg.length - BEFORE_EXIF)
        .array();
  }
}
