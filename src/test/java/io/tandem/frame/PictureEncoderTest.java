package io.tandem.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tandem.Paths;
import io.tandem.conf.ImageEncoding;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

final class PictureEncoderTest {
  @Test
  void png_isRead_byteByByte_alsoByAnotherLibrary_andInOtherSizesOfOneEncoder() throws Exception {
    try (PictureEncoder encoder = new PictureEncoder(ImageEncoding.PNG)) {
      for (int width : new int[] {1, 37, 320, 37}) {
        Picture picture = noise(width, 23);
        byte[] file = encoder.encode(picture);
        assertThat(PictureReader.read(file).rgb()).isEqualTo(picture.rgb());
        var image = ImageIO.read(new ByteArrayInputStream(file));
        assertThat(image.getWidth()).isEqualTo(width);
        assertThat(image.getRGB(width - 1, 22) & 0xffffff)
            .isEqualTo(rgb(picture, 3 * (23 * width - 1)));
      }
    }
  }

  @Test
  void jpg_staysNearThePicture() throws Exception {
    Picture photo = PictureReader.read(Files.readAllBytes(Paths.PHOTOS.resolve("coffee.png")));
    try (PictureEncoder encoder = new PictureEncoder(ImageEncoding.JPG)) {
      byte[] file = encoder.encode(photo);
      assertThat(file.length).isLessThan(photo.rgb().length / 6);
      assertThat(PictureReader.read(file).psnr(photo)).isGreaterThan(35);
      // Colours and range are those of JFIF, as another library reads them.
      var image = ImageIO.read(new ByteArrayInputStream(file));
      byte[] rgb = new byte[photo.rgb().length];
      for (int i = 0; i < photo.width() * photo.height(); i++) {
        int pixel = image.getRGB(i % photo.width(), i / photo.width());
        rgb[3 * i] = (byte) (pixel >> 16);
        rgb[3 * i + 1] = (byte) (pixel >> 8);
        rgb[3 * i + 2] = (byte) pixel;
      }
      assertThat(new Picture(photo.width(), photo.height(), rgb).psnr(photo)).isGreaterThan(35);
    }
  }

  @Test
  void psnr_isThatOfItsDefinition() {
    Picture black = new Picture(2, 1, new byte[6]);
    Picture other = new Picture(2, 1, new byte[] {0, 0, 0, 0, 0, 6});
    assertThat(black.psnr(other)).isEqualTo(10 * Math.log10(255 * 255 / 6.0));
    assertThat(black.psnr(black)).isInfinite();
    assertThatThrownBy(() -> black.psnr(new Picture(1, 2, new byte[6])))
        .hasMessage("2 x 1 and 1 x 2 pixels cannot be compared");
  }

  @Test
  void wholePicture_isUpright_inItsOwnSize() throws IOException, FrameException {
    Picture turned =
        PictureReader.read(Files.readAllBytes(Paths.IMAGES.resolve("exif-rotated.jpg")));
    Picture plain = PictureReader.read(Files.readAllBytes(Paths.IMAGES.resolve("plain.jpg")));
    assertThat(turned.width()).isEqualTo(plain.width());
    assertThat(turned.height()).isEqualTo(plain.height());
    assertThat(turned.psnr(plain)).isGreaterThan(30);
  }

  private static int rgb(Picture picture, int at) {
    byte[] rgb = picture.rgb();
    return ((rgb[at] & 0xff) << 16) | ((rgb[at + 1] & 0xff) << 8) | (rgb[at + 2] & 0xff);
  }

  private static Picture noise(int width, int height) {
    byte[] rgb = new byte[3 * width * height];
    new java.util.Random(width).nextBytes(rgb);
    return new Picture(width, height, rgb);
  }
}
