package io.tandem.frame;

import io.tandem.conf.AutoInt;
import io.tandem.conf.Fit;
import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import org.junit.jupiter.api.Assumptions;

/** The ways to decode a JPEG. */
public enum Decoding {
  FFMPEG(JpegLibrary.FFMPEG, false),
  TURBO(JpegLibrary.TURBOJPEG, false),
  TURBO_SCALED(JpegLibrary.TURBOJPEG, true);

  private final JpegLibrary library;
  private final boolean scaled;

  Decoding(JpegLibrary library, boolean scaled) {
    this.library = library;
    this.scaled = scaled;
  }

  /** libjpeg-turbo need not be installed; where all tests are run, it is. */
  void assumeIsHere() {
    Assumptions.assumeTrue(
        library == JpegLibrary.FFMPEG || FrameDecoder.turboJpegFile().isPresent(),
        "libturbojpeg is not installed");
  }

  public FrameDecoder decoder(int width, int height, PixelLayout layout, Fit fit, long maxPixels) {
    return new FrameDecoder(
        width,
        height,
        layout,
        new Settings.Decoding(fit, AutoInt.AUTO, maxPixels, library, scaled));
  }

  FrameDecoder decoder(
      int width, int height, PixelLayout layout, Channels channels, Fit fit, Framing framing) {
    return new FrameDecoder(
        width,
        height,
        layout,
        channels,
        framing,
        new Settings.Decoding(fit, AutoInt.AUTO, 1_000_000_000, library, scaled));
  }
}
