package io.tandem.frame;

import io.tandem.conf.JpegLibrary;
import io.tandem.conf.Settings;
import java.util.List;
import java.util.function.ToIntFunction;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.jspecify.annotations.Nullable;

/**
 * Decodes an image file to a picture of any size and pixel format, by the library for its format.
 * Holds native memory until closed; not thread-safe.
 */
final class SourceDecoder implements AutoCloseable {
  private static final byte[] NONE = {};

  private final FfmpegDecoder ffmpeg;
  private final ImageIoDecoder imageIo;
  private final BilevelExpander bilevel = new BilevelExpander();
  private final @Nullable TurboJpegDecoder turbo;
  private final long maxPixels;
  private DecodingMemory.Permit permit = DecodingMemory.Permit.SMALL;

  /**
   * Creates a decoder.
   *
   * @throws IllegalStateException if the settings name libjpeg-turbo, and this host has none
   */
  SourceDecoder(Settings.Decoding settings) {
    this.maxPixels = settings.maxPixels();
    this.ffmpeg = new FfmpegDecoder(settings.maxPixels());
    this.imageIo = new ImageIoDecoder();
    this.turbo = settings.jpegLibrary() == JpegLibrary.TURBOJPEG ? turbo(settings) : null;
  }

  private static TurboJpegDecoder turbo(Settings.Decoding settings) {
    if (FrameDecoder.turboJpegFile().isEmpty()) {
      throw new IllegalStateException(
          "this run decodes JPEGs by libjpeg-turbo, but an executor's host has no libturbojpeg; install it there, or set frames.jpeg-library=ffmpeg");
    }
    return new TurboJpegDecoder(settings.maxPixels());
  }

  /**
   * The picture that is decoded.
   *
   * @param width as it is stored
   * @param height as it is stored
   * @param shrink by how much decoding has shrunk it already
   */
  record Source(int width, int height, Orientation orientation, int shrink, PixelAspect aspect) {
    static Source whole(AVFrame picture, Orientation orientation) {
      return whole(picture, orientation, PixelAspect.SQUARE);
    }

    static Source whole(AVFrame picture, Orientation orientation, PixelAspect aspect) {
      return new Source(picture.width(), picture.height(), orientation, 1, aspect);
    }
  }

  /**
   * Decodes a picture; its memory is the caller's to unref, and then to {@link #end} with. Waits
   * while another large picture is decoded in this JVM.
   *
   * @param shrink by how much libjpeg-turbo may shrink a JPEG while it decodes it: 1, 2 or 4
   * @throws FrameException if the bytes are no whole picture, or claim too many pixels
   */
  Source decode(byte[] bytes, int length, ToIntFunction<JpegHeader> shrink, AVFrame picture)
      throws FrameException {
    Source source = source(bytes, length, shrink, picture);
    bilevel.expand(picture);
    return source;
  }

  private Source source(byte[] bytes, int length, ToIntFunction<JpegHeader> shrink, AVFrame picture)
      throws FrameException {
    ImageFormat format = ImageFormat.of(bytes, length);
    switch (format) {
      case JPEG -> {
        return jpeg(bytes, length, shrink, picture);
      }
      case PNG -> {
        PngChunks chunks = PngChunks.of(bytes, length);
        admit(PictureClaim.ofPng(bytes, length));
        ffmpeg.decode(format, NONE, bytes, chunks.kept(), picture);
        return Source.whole(picture, chunks.orientation());
      }
      case WEBP -> {
        WebpChunks chunks = WebpChunks.of(bytes, length);
        Range chunk = chunks.picture();
        admit(PictureClaim.ofWebp(bytes, chunk));
        ffmpeg.decode(format, WebpChunks.header(chunk), bytes, List.of(chunk), picture);
        return Source.whole(picture, chunks.orientation());
      }
      case TIFF, BMP -> {
        return Source.whole(picture, imageIo.decode(format, bytes, length, this::admit, picture));
      }
      default -> {
        admit(PictureClaim.ofCanvas(format, bytes, length));
        ffmpeg.decode(format, NONE, bytes, List.of(new Range(0, length)), picture);
        return Source.whole(picture, Orientation.UPRIGHT);
      }
    }
  }

  private Source jpeg(
      byte[] bytes, int length, ToIntFunction<JpegHeader> shrinking, AVFrame picture)
      throws FrameException {
    JpegHeader header = JpegHeader.of(bytes, length);
    admit(PictureClaim.ofJpeg(header));
    int shrink = shrinking.applyAsInt(header);
    if (decodedByTurbo(header, bytes, length, shrink, picture)) {
      return shrink == 1
          ? Source.whole(picture, header.orientation())
          : new Source(
              header.width(), header.height(), header.orientation(), shrink, PixelAspect.SQUARE);
    }
    header.requireWhole();
    if (!header.hasItsTables()) {
      ffmpeg.forget(ImageFormat.JPEG); // It would use those of the picture before.
    }
    ffmpeg.decode(ImageFormat.JPEG, header.prefix(), header.bytes(), header.kept(), picture);
    return Source.whole(picture, header.orientation());
  }

  private boolean decodedByTurbo(
      JpegHeader header, byte[] bytes, int length, int shrink, AVFrame picture) {
    return turbo != null && header.isCommon() && turbo.decode(bytes, length, shrink, picture);
  }

  private void admit(PictureClaim claim) throws FrameException {
    permit = DecodingMemory.ofThisJvm().admit(claim, maxPixels);
  }

  /** Returns whether the picture takes so much memory that others wait for its {@link #end}. */
  boolean isLarge() {
    return permit != DecodingMemory.Permit.SMALL;
  }

  /** Frees the memory of a large picture, and lets the next one of this JVM be decoded. */
  void end() {
    ffmpeg.forgetAll();
    imageIo.trim();
    bilevel.trim();
    if (turbo != null) {
      turbo.trim();
    }
    permit.end();
    permit = DecodingMemory.Permit.SMALL;
  }

  @Override
  public void close() {
    ffmpeg.close();
    imageIo.close();
    bilevel.close();
    if (turbo != null) {
      turbo.close();
    }
  }
}
