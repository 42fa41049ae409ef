package io.tandem.frame;

import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import io.tandem.source.Frame;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads a picture in its own size, upright. */
public final class PictureReader {
  private static final long MOST_PIXELS = 1_000_000_000;

  private PictureReader() {}

  /**
   * A picture that was read.
   *
   * @param geometry maps its pixels to those of the picture as it is stored
   */
  public record Read(Picture picture, Geometry geometry) {}

  /**
   * Returns the picture of an image file.
   *
   * @throws FrameException if the bytes are no whole picture
   */
  public static Picture read(byte[] file) throws FrameException {
    return read(file, MOST_PIXELS).picture();
  }

  /**
   * Returns the picture of an image file, and how it maps to the stored one.
   *
   * @param maxPixels a picture whose header claims more is refused
   * @throws FrameException if the bytes are no whole picture, or claim too many pixels
   */
  public static Read read(byte[] file, long maxPixels) throws FrameException {
    return read(maxPixels, (decoder, memory) -> decoder.decodeWhole(file, file.length, memory));
  }

  /**
   * Returns the picture of a frame, and how it maps to the stored one.
   *
   * @param source opens its file
   * @param maxPixels a picture whose header claims more is refused
   * @throws FrameException if it cannot be read or decoded
   */
  public static Read read(Frame frame, ByteSource source, long maxPixels) throws FrameException {
    if (frame.run() != null) {
      return read(maxPixels, (decoder, memory) -> decoder.decodeWhole(frame, source, memory));
    }
    byte[] read = source.read(frame, new byte[0]);
    return read(Arrays.copyOf(read, ByteSource.length(frame)), maxPixels);
  }

  /** Decodes into memory. */
  private interface Decoding {
    Geometry with(FrameDecoder decoder, FrameDecoder.Memory memory) throws FrameException;
  }

  private static Read read(long maxPixels, Decoding decode) throws FrameException {
    Settings.Decoding decoding =
        new Settings.Decoding(Fit.NONE, AutoInt.AUTO, maxPixels, JpegLibrary.FFMPEG, false);
    try (FrameDecoder decoder = new FrameDecoder(0, 0, PixelLayout.INTERLEAVED, decoding)) {
      Picture[] picture = new Picture[1];
      ByteBuffer[] pixels = new ByteBuffer[1];
      Geometry geometry =
          decode.with(
              decoder,
              (width, height) -> {
                picture[0] = new Picture(width, height, new byte[3 * width * height]);
                pixels[0] = ByteBuffer.allocateDirect(picture[0].rgb().length);
                return pixels[0];
              });
      pixels[0].get(0, picture[0].rgb());
      return new Read(picture[0], geometry);
    }
  }
}
