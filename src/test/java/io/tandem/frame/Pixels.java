package io.tandem.frame;

import io.tandem.conf.Fit;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Decodes files to pixels of 224 x 224, and compares them. */
final class Pixels {
  static final int SIDE = 224;

  private Pixels() {}

  /** Opens a decoder that cuts out the middle. */
  static FrameDecoder decoder(Decoding decoding) {
    return decoding.decoder(SIDE, SIDE, PixelLayout.INTERLEAVED, Fit.CROP, 200_000_000);
  }

  /** Decodes a file by a decoder of its own. */
  static byte[] alone(Decoding decoding, Path file) throws IOException, FrameException {
    try (FrameDecoder decoder = decoder(decoding)) {
      return by(decoder, Files.readAllBytes(file));
    }
  }

  /** Decodes a file's bytes. */
  static byte[] by(FrameDecoder decoder, byte[] file) throws FrameException {
    ByteBuffer pixels = ByteBuffer.allocateDirect(decoder.frameBytes());
    decoder.decode(file, file.length, pixels, 0);
    byte[] decoded = new byte[decoder.frameBytes()];
    pixels.get(0, decoded);
    return decoded;
  }

  /** Returns the mean difference of one channel of one pixel, of 255. */
  static double difference(byte[] a, byte[] b) {
    long sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += Math.abs((a[i] & 0xff) - (b[i] & 0xff));
    }
    return sum / (double) a.length;
  }
}
