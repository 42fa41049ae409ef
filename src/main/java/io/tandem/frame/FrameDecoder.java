package io.tandem.frame;

import static org.bytedeco.ffmpeg.global.avutil.av_frame_alloc;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_free;
import static org.bytedeco.ffmpeg.global.avutil.av_frame_unref;

import io.tandem.conf.Fit;
import io.tandem.conf.Settings;
import io.tandem.source.Frame;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avutil;
import org.jspecify.annotations.Nullable;

/**
 * Decodes images into uint8 pixels of one size or of their own: decodes, then scales and converts
 * colours in one step, then applies the EXIF orientation. libjpeg-turbo decodes common JPEGs if the
 * settings select it; TwelveMonkeys ImageIO decodes TIFFs and BMPs; FFmpeg decodes all other
 * images, and every JPEG that libjpeg-turbo finds damaged. Large pictures are decoded one at a time
 * in this JVM. Alpha is dropped; colour profiles are not applied. Damage of the picture is an
 * error, damage of what surrounds it is not. The result depends on this picture alone, whatever was
 * decoded before. Holds native memory until closed; not thread-safe.
 */
public final class FrameDecoder implements AutoCloseable {
  static {
    NativeLibraries.load();
  }

  private static final AtomicInteger OPEN = new AtomicInteger();

  /**
   * Minimum size of a picture that is shrunk by 2 during decoding, as a multiple of the model's
   * input; the next constant is for 4. The inverse DCT cuts off frequencies that the scaler's
   * filter would attenuate; with these margins the bundled frames differ by less than 0.7 of 255 on
   * average.
   */
  private static final double MARGIN_OF_2 = 1.6;

  private static final double MARGIN_OF_4 = 2.5;

  private final int width;
  private final int height;
  private final PixelLayout layout;
  private final Channels channels;
  private final Framing framing;
  private final Settings.Decoding settings;
  private final SourceDecoder decoder;
  private final AVFrame picture = av_frame_alloc();
  private final FramePlacer placer;
  private @Nullable VideoReader videos;

  /**
   * Creates a decoder to pictures of this size and layout.
   *
   * @throws IllegalStateException if the settings name libjpeg-turbo, and this host has none
   */
  public FrameDecoder(int width, int height, PixelLayout layout, Settings.Decoding settings) {
    this(width, height, layout, Channels.RGB, Framing.USUAL, settings);
  }

  /**
   * Creates a decoder to pictures of this size, layout and channels.
   *
   * @throws IllegalStateException if the settings name libjpeg-turbo, and this host has none
   */
  public FrameDecoder(
      int width,
      int height,
      PixelLayout layout,
      Channels channels,
      Framing framing,
      Settings.Decoding settings) {
    this.width = width;
    this.height = height;
    this.layout = layout;
    this.channels = channels;
    this.framing = framing;
    this.settings = settings;
    this.decoder = new SourceDecoder(settings);
    this.placer = new FramePlacer(this, framing, settings.fit());
    OPEN.incrementAndGet();
  }

  /** Returns libjpeg-turbo's file on this host; empty if it is not installed. */
  public static Optional<String> turboJpegFile() {
    return TurboJpeg.file();
  }

  /** Returns the name and version of FFmpeg, such as "FFmpeg 8.1.2". */
  public static String ffmpegVersion() {
    return "FFmpeg " + avutil.av_version_info().getString();
  }

  /** Returns the number of open decoders in this JVM. */
  public static int open() {
    return OPEN.get();
  }

  /** Returns the width of a decoded frame in pixels; 0 if each keeps its own size. */
  public int width() {
    return width;
  }

  /** Returns the height of a decoded frame in pixels; 0 if each keeps its own size. */
  public int height() {
    return height;
  }

  /** Returns the layout of the pixels. */
  public PixelLayout layout() {
    return layout;
  }

  /** Returns the channels of the pixels. */
  public Channels channels() {
    return channels;
  }

  /** Returns the size of one decoded frame in bytes: height x width x channels. */
  public int frameBytes() {
    return height * width * channels.count();
  }

  /**
   * Decodes {@code bytes[0, length)} into {@code pixels} from {@code at}, {@link #frameBytes} of
   * them, in this decoder's layout.
   *
   * @param pixels a direct buffer
   * @return how the decoded pixels map to the picture
   * @throws FrameException if the bytes are no whole picture, or claim too many pixels, or more
   *     memory than one picture may take
   */
  public Geometry decode(byte[] bytes, int length, ByteBuffer pixels, int at)
      throws FrameException {
    try {
      SourceDecoder.Source source = decoder.decode(bytes, length, this::shrink, picture);
      return placer.place(picture, source, pixels, at);
    } finally {
      end();
    }
  }

  private void end() {
    av_frame_unref(picture);
    if (decoder.isLarge()) {
      placer.trim();
      decoder.end();
    }
  }

  /** Provides memory for a picture once its size is known. */
  @FunctionalInterface
  public interface Memory {
    /** Returns a direct buffer of at least channels x width x height bytes. */
    ByteBuffer of(int width, int height);
  }

  /**
   * Decodes {@code bytes[0, length)} in its own size, upright, into memory from offset 0, in this
   * decoder's layout.
   *
   * @return how the decoded pixels map to the picture
   * @throws FrameException if the bytes are no whole picture, or claim too many pixels
   */
  public Geometry decodeWhole(byte[] bytes, int length, Memory memory) throws FrameException {
    try {
      SourceDecoder.Source source = decoder.decode(bytes, length, header -> 1, picture);
      return placer.placeWhole(picture, source, memory);
    } finally {
      end();
    }
  }

  /**
   * Decodes a frame of a video as {@link #decode(byte[], int, ByteBuffer, int)} decodes an image.
   * Frames that are asked for in their order are decoded once.
   *
   * @param source opens the file
   * @throws FrameException if the frame cannot be read or decoded
   */
  public Geometry decode(Frame frame, ByteSource source, ByteBuffer pixels, int at)
      throws FrameException {
    AVFrame decoded = videos().decode(frame, source);
    return placer.place(decoded, videos().source(), pixels, at);
  }

  /**
   * Decodes a frame of a video as {@link #decodeWhole(byte[], int, Memory)} decodes an image, with
   * square pixels.
   *
   * @param source opens the file
   * @throws FrameException if the frame cannot be read or decoded
   */
  public Geometry decodeWhole(Frame frame, ByteSource source, Memory memory) throws FrameException {
    AVFrame decoded = videos().decode(frame, source);
    return placer.placeWhole(decoded, videos().source(), memory);
  }

  /** Returns how long the last frame of a video was read, in nanoseconds. */
  public long readNanos() {
    return videos().readNanos();
  }

  private VideoReader videos() {
    VideoReader open = videos;
    if (open == null) {
      open = new VideoReader(settings.maxPixels());
      videos = open;
    }
    return open;
  }

  /**
   * Returns the factor by which the inverse DCT may shrink a picture and leave enough pixels to
   * scale.
   */
  private int shrink(JpegHeader header) {
    if (!settings.scaledDecoding() || framing.filter() == Framing.Filter.BILINEAR_ALIASED) {
      return 1;
    }
    if (framing.resize() > 0 && settings.fit() == Fit.CROP) {
      double shorter = Math.min(header.width(), header.height());
      return shrink(framing.resize() / shorter);
    }
    boolean turned = header.orientation().isTurned();
    double x = (turned ? height : width) / (double) header.width();
    double y = (turned ? width : height) / (double) header.height();
    return shrink(settings.fit() == Fit.LETTERBOX ? Math.min(x, y) : Math.max(x, y));
  }

  private static int shrink(double needed) {
    if (needed * MARGIN_OF_4 * 4 <= 1) {
      return 4;
    }
    return needed * MARGIN_OF_2 * 2 <= 1 ? 2 : 1;
  }

  @Override
  public void close() {
    decoder.close();
    av_frame_free(picture);
    placer.close();
    if (videos != null) {
      videos.close();
    }
    OPEN.decrementAndGet();
  }
}
