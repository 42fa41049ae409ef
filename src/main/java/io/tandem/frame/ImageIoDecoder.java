package io.tandem.frame;

import com.twelvemonkeys.imageio.plugins.bmp.BMPImageReaderSpi;
import com.twelvemonkeys.imageio.plugins.tiff.TIFFImageReaderSpi;
import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.ImageInputStream;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.w3c.dom.Node;

/**
 * Decodes the first picture of a TIFF or BMP with TwelveMonkeys ImageIO, because FFmpeg refuses or
 * misreads many. Of TIFF: strips and tiles, both byte orders, BigTIFF, 1 to 32 bits, palettes,
 * YCbCr and CMYK, and the usual compressions. Holds native memory until closed; not thread-safe.
 */
final class ImageIoDecoder implements AutoCloseable {
  private static final Map<ImageFormat, ImageReaderSpi> PROVIDERS =
      Map.of(ImageFormat.TIFF, new TIFFImageReaderSpi(), ImageFormat.BMP, new BMPImageReaderSpi());

  private BytePointer output = new BytePointer(0L);

  /** Admits a picture before it is decoded. */
  @FunctionalInterface
  interface Admission {
    void admit(PictureClaim claim) throws FrameException;
  }

  /**
   * Decodes {@code bytes[0, length)} into {@code picture}, which then points into this decoder's
   * memory until the next call.
   *
   * @return the orientation of the picture
   * @throws FrameException if the bytes are no whole picture, claim too many pixels, or need what
   *     is not supported
   */
  Orientation decode(
      ImageFormat format, byte[] bytes, int length, Admission admission, AVFrame picture)
      throws FrameException {
    ImageReader reader = open(format);
    try (ImageInputStream in = new ByteArrayImageInputStream(bytes, 0, length)) {
      reader.setInput(in);
      admission.admit(claim(format, reader));
      Orientation orientation =
          format == ImageFormat.TIFF
              ? orientation(reader.getImageMetadata(0))
              : Orientation.UPRIGHT;
      convert(reader.read(0), picture);
      return orientation;
    } catch (IOException | RuntimeException e) {
      throw new FrameException("damaged %s: %s".formatted(format, message(e)), e);
    } catch (OutOfMemoryError e) { // Of an array that some inner header claims.
      throw new FrameException(
          "too large %s: it needs more memory than the Java heap has".formatted(format), e);
    } finally {
      reader.dispose();
    }
  }

  /** A picture, its longest row of tiles, and its copy as RGB. */
  private static PictureClaim claim(ImageFormat format, ImageReader reader) throws IOException {
    long width = reader.getWidth(0);
    long height = reader.getHeight(0);
    long pixels = PictureClaim.times(width, height, 1);
    SampleModel samples = reader.getImageTypes(0).next().getSampleModel(1, 1);
    long bits = 0;
    for (int band = 0; band < samples.getNumBands(); band++) {
      bits += DataBuffer.getDataTypeSize(samples.getDataType());
    }
    long tile = PictureClaim.times(reader.getTileWidth(0), reader.getTileHeight(0), 1);
    long heap = PictureClaim.times(Math.max(pixels, tile), bits, 1) / 8;
    return new PictureClaim(format, width, height, PictureClaim.times(pixels, 3, 1), heap);
  }

  private static ImageReader open(ImageFormat format) {
    try {
      return Objects.requireNonNull(PROVIDERS.get(format)).createReaderInstance(null);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String message(Exception e) {
    if (e instanceof EOFException) {
      return "it is truncated";
    }
    if (e instanceof IndexOutOfBoundsException) {
      return "it has no complete picture";
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  /** Reads it from the standard metadata: "ImageOrientation" of javax_imageio_1.0. */
  private static Orientation orientation(IIOMetadata metadata) {
    Node root = metadata.getAsTree("javax_imageio_1.0");
    for (Node group = root.getFirstChild(); group != null; group = group.getNextSibling()) {
      for (Node node = group.getFirstChild(); node != null; node = node.getNextSibling()) {
        if (node.getNodeName().equals("ImageOrientation")) {
          return of(node.getAttributes().getNamedItem("value").getNodeValue());
        }
      }
    }
    return Orientation.UPRIGHT;
  }

  private static Orientation of(String name) {
    return new Orientation(
        switch (name.toLowerCase(Locale.ROOT)) {
          case "fliph" -> 2;
          case "rotate180" -> 3;
          case "flipv" -> 4;
          case "fliphrotate90" -> 5;
          case "rotate270" -> 6;
          case "flipvrotate90" -> 7;
          case "rotate90" -> 8;
          default -> 1;
        });
  }

  private void convert(BufferedImage image, AVFrame picture) throws FrameException {
    int width = image.getWidth();
    int height = image.getHeight();
    byte[] row = new byte[3 * width];
    if (output.capacity() < (long) row.length * height) {
      output.close();
      output = new BytePointer((long) row.length * height);
    }
    RowReader reader = rows(image);
    for (int y = 0; y < height; y++) {
      reader.read(y, row);
      output.position((long) y * row.length).put(row, 0, row.length);
    }
    output.position(0);
    picture.width(width);
    picture.height(height);
    picture.format(avutil.AV_PIX_FMT_RGB24);
    picture.data(0, output);
    picture.linesize(0, row.length);
  }

  /** Reads one row as RGB. */
  private interface RowReader {
    void read(int y, byte[] rgb);
  }

  /** Colour profiles are not applied, except to colours that are neither grey, RGB nor CMYK. */
  private static RowReader rows(BufferedImage image) throws FrameException {
    Raster raster = image.getRaster();
    int type = image.getColorModel().getColorSpace().getType();
    int bands = raster.getNumBands();
    // Of premultiplied alpha, getRGB divides the colours by it.
    boolean samples =
        !(image.getColorModel() instanceof IndexColorModel) && !image.isAlphaPremultiplied();
    if (samples && raster.getDataBuffer().getDataType() >= DataBuffer.TYPE_FLOAT) {
      throw new FrameException(
          "not supported: a TIFF of floating-point samples; convert it to 8 or 16 bits");
    }
    if (samples && type == ColorSpace.TYPE_GRAY) {
      return new Samples(raster, 0);
    }
    if (samples && type == ColorSpace.TYPE_RGB && bands >= 3) {
      return new Samples(raster, 1);
    }
    if (samples && type == ColorSpace.TYPE_CMYK && bands >= 4) {
      return new Inks(raster);
    }
    int[] pixels = new int[image.getWidth()];
    return (y, rgb) -> {
      image.getRGB(0, y, pixels.length, 1, pixels, 0, pixels.length);
      for (int x = 0; x < pixels.length; x++) {
        rgb[3 * x] = (byte) (pixels[x] >> 16);
        rgb[3 * x + 1] = (byte) (pixels[x] >> 8);
        rgb[3 * x + 2] = (byte) pixels[x];
      }
    };
  }

  /**
   * Grey or RGB samples, as they are stored; those of more than 8 bits lose their low ones.
   *
   * @param step the distance of the bands of R, G and B: 0 for grey
   */
  private record Samples(Raster raster, int step) implements RowReader {
    @Override
    public void read(int y, byte[] rgb) {
      int width = raster.getWidth();
      int[] samples = new int[width];
      for (int channel = 0; channel < 3; channel++) {
        int bits = raster.getSampleModel().getSampleSize(channel * step);
        raster.getSamples(0, y, width, 1, channel * step, samples);
        for (int x = 0; x < width; x++) {
          rgb[3 * x + channel] = (byte) to8Bits(samples[x], bits);
        }
      }
    }
  }

  /**
   * CMYK samples, without a profile: 255 - C less the share that K takes away, as Pillow has it.
   */
  private record Inks(Raster raster) implements RowReader {
    @Override
    public void read(int y, byte[] rgb) {
      int width = raster.getWidth();
      int[] inks = new int[width];
      int[] black = new int[width];
      int bits = raster.getSampleModel().getSampleSize(0);
      raster.getSamples(0, y, width, 1, 3, black);
      for (int channel = 0; channel < 3; channel++) {
        raster.getSamples(0, y, width, 1, channel, inks);
        for (int x = 0; x < width; x++) {
          int light = (255 - to8Bits(inks[x], bits)) * (255 - to8Bits(black[x], bits));
          rgb[3 * x + channel] = (byte) Math.round(light / 255f);
        }
      }
    }
  }

  private static int to8Bits(int sample, int bits) {
    if (bits == 8) {
      return sample;
    }
    long unsigned = bits == 32 ? sample & 0xffffffffL : sample;
    return bits > 8 ? (int) (unsigned >> (bits - 8)) : (int) (unsigned * 255 / ((1 << bits) - 1));
  }

  /** Frees the memory that it keeps for the next picture. */
  void trim() {
    output.close();
    output = new BytePointer(0L);
  }

  @Override
  public void close() {
    output.close();
  }
}
