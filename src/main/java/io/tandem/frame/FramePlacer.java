package io.tandem.frame;

import io.tandem.conf.Fit;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bytedeco.ffmpeg.avutil.AVFrame;

/**
 * Scales decoded pictures to the size of a model's input, or leaves them theirs, and copies them
 * upright to their places. Holds native memory until closed; not thread-safe.
 */
final class FramePlacer implements AutoCloseable {
  /** The pixels of a picture that is scaled before its middle is cut out, at most. */
  private static final long MOST_SCALED = 1 << 26;

  private final int width;
  private final int height;
  private final PixelLayout layout;
  private final Channels channels;
  private final Framing framing;
  private final Fit fit;
  private final FrameScaler scaler;
  private byte[] bars = {};

  /**
   * Creates a placer to the size, layout and channels of a decoder.
   *
   * @param fit how a picture meets the size
   */
  FramePlacer(FrameDecoder of, Framing framing, Fit fit) {
    this.width = of.width();
    this.height = of.height();
    this.layout = of.layout();
    this.channels = of.channels();
    this.framing = framing;
    this.fit = fit;
    this.scaler = new FrameScaler(layout, channels, framing.filter());
  }

  /** Copies a picture in its own size, with square pixels, into memory from offset 0. */
  Geometry placeWhole(AVFrame picture, SourceDecoder.Source source, FrameDecoder.Memory memory)
      throws FrameException {
    Orientation orientation = source.orientation();
    int stored = picture.width();
    int storedRows = picture.height();
    int wide = source.aspect().shownWidth(stored);
    int rows = source.aspect().shownHeight(storedRows);
    int shown = orientation.isTurned() ? rows : wide;
    ByteBuffer pixels = memory.of(shown, orientation.isTurned() ? wide : rows);
    ByteBuffer converted = scaler.scale(picture, wide, rows);
    copy(orientation, converted, Part.whole(wide, rows), pixels, 0, 0, shown, wide * rows);
    Axis x = Axis.of(stored, stored, wide).shown(orientation.mirrorsX(), wide, 0);
    Axis y = Axis.of(storedRows, storedRows, rows).shown(orientation.mirrorsY(), rows, 0);
    return new Geometry(
        stored, storedRows, orientation.code(), x.scale(), y.scale(), x.offset(), y.offset());
  }

  /** Scales the picture as {@code fit} says, and copies it turned to its place. */
  Geometry place(AVFrame picture, SourceDecoder.Source source, ByteBuffer pixels, int at)
      throws FrameException {
    if (framing.resize() > 0 && fit == Fit.CROP) {
      return placeMiddle(picture, source, pixels, at);
    }
    Orientation orientation = source.orientation();
    int decodedWidth = picture.width();
    int decodedHeight = picture.height();
    int targetWidth = orientation.isTurned() ? height : width;
    int targetHeight = orientation.isTurned() ? width : height;
    if (fit == Fit.CROP) {
      FrameScaler.cropTo(picture, source.aspect(), targetWidth, targetHeight);
    } else if (fit == Fit.LETTERBOX) {
      int shownWidth = source.aspect().shownWidth(picture.width());
      int shownHeight = source.aspect().shownHeight(picture.height());
      double scale =
          Math.min(targetWidth / (double) shownWidth, targetHeight / (double) shownHeight);
      targetWidth = Math.max(1, Math.min(targetWidth, (int) Math.round(shownWidth * scale)));
      targetHeight = Math.max(1, Math.min(targetHeight, (int) Math.round(shownHeight * scale)));
    }
    ByteBuffer scaled = scaler.scale(picture, targetWidth, targetHeight);
    int placedWidth = orientation.isTurned() ? targetHeight : targetWidth;
    int placedHeight = orientation.isTurned() ? targetWidth : targetHeight;
    if (placedWidth < width || placedHeight < height) {
      fillBars(pixels, at);
    }
    int left = (width - placedWidth) / 2;
    int top = (height - placedHeight) / 2;
    copy(
        orientation,
        scaled,
        Part.whole(targetWidth, targetHeight),
        pixels,
        at,
        top * width + left,
        width,
        width * height);
    Axis x =
        Axis.of(decodedWidth, picture.width(), targetWidth)
            .shown(orientation.mirrorsX(), targetWidth, orientation.isTurned() ? top : left)
            .times(source.shrink());
    Axis y =
        Axis.of(decodedHeight, picture.height(), targetHeight)
            .shown(orientation.mirrorsY(), targetHeight, orientation.isTurned() ? left : top)
            .times(source.shrink());
    return new Geometry(
        source.width(),
        source.height(),
        orientation.code(),
        x.scale(),
        y.scale(),
        x.offset(),
        y.offset());
  }

  /** Scales the shorter side, and copies the middle turned to its place. */
  private Geometry placeMiddle(
      AVFrame picture, SourceDecoder.Source source, ByteBuffer pixels, int at)
      throws FrameException {
    Orientation orientation = source.orientation();
    int side = framing.resize();
    int decodedWidth = picture.width();
    int decodedHeight = picture.height();
    int shownWidth = source.aspect().shownWidth(decodedWidth);
    int shownHeight = source.aspect().shownHeight(decodedHeight);
    boolean isHigh = shownWidth <= shownHeight;
    long longer = (long) side * Math.max(shownWidth, shownHeight);
    longer /= Math.min(shownWidth, shownHeight);
    if (longer * side > MOST_SCALED) {
      throw new FrameException(
          "too long a picture: the middle of %d x %d pixels cannot be scaled to %d x %d; set frames.fit = stretch or letterbox"
              .formatted(source.width(), source.height(), width, height));
    }
    int scaledWidth = isHigh ? side : (int) longer;
    int scaledHeight = isHigh ? (int) longer : side;
    int targetWidth = orientation.isTurned() ? height : width;
    int targetHeight = orientation.isTurned() ? width : height;
    Part part =
        new Part(
            first(scaledWidth, targetWidth, orientation.mirrorsX()),
            first(scaledHeight, targetHeight, orientation.mirrorsY()),
            targetWidth,
            targetHeight,
            scaledWidth,
            scaledHeight);
    ByteBuffer scaled = scaler.scale(picture, scaledWidth, scaledHeight);
    copy(orientation, scaled, part, pixels, at, 0, width, width * height);
    Axis x = Axis.part(decodedWidth, scaledWidth, part.left());
    Axis y = Axis.part(decodedHeight, scaledHeight, part.top());
    Axis shownX = x.shown(orientation.mirrorsX(), targetWidth, 0).times(source.shrink());
    Axis shownY = y.shown(orientation.mirrorsY(), targetHeight, 0).times(source.shrink());
    return new Geometry(
        source.width(),
        source.height(),
        orientation.code(),
        shownX.scale(),
        shownY.scale(),
        shownX.offset(),
        shownY.offset());
  }

  /**
   * Returns where the middle begins, rounded as torchvision's centre crop of the upright picture.
   */
  private static int first(int scaled, int kept, boolean mirrored) {
    int shown = (int) Math.rint((scaled - kept) / 2.0);
    return mirrored ? scaled - kept - shown : shown;
  }

  /**
   * A part of a scaled picture.
   *
   * @param rowWidth the width of the scaled picture
   * @param rows the height of the scaled picture
   */
  private record Part(int left, int top, int width, int height, int rowWidth, int rows) {
    static Part whole(int width, int height) {
      return new Part(0, 0, width, height, width, height);
    }

    int from(int stride, int pixelBytes) {
      return top * stride + left * pixelBytes;
    }
  }

  private void copy(
      Orientation orientation,
      ByteBuffer scaled,
      Part part,
      ByteBuffer pixels,
      int at,
      int corner,
      int rowPixels,
      int planePixels) {
    if (channels == Channels.GREY) {
      orientation.copy(
          1,
          scaler.grey(part.rowWidth(), part.rows()),
          part.from(part.rowWidth(), 1),
          part.rowWidth(),
          part.width(),
          part.height(),
          pixels,
          at + corner,
          rowPixels);
      return;
    }
    if (layout == PixelLayout.INTERLEAVED) {
      orientation.copy(
          3,
          scaled,
          part.from(scaler.stride(), 3),
          scaler.stride(),
          part.width(),
          part.height(),
          pixels,
          at + 3 * corner,
          3 * rowPixels);
      return;
    }
    for (int channel = 0; channel < 3; channel++) {
      int plane =
          FrameScaler.planeOf(channels == Channels.BGR ? 2 - channel : channel)
              * scaler.planeBytes();
      int to = at + channel * planePixels + corner;
      orientation.copy(
          1,
          scaled,
          plane + part.from(scaler.stride(), 1),
          scaler.stride(),
          part.width(),
          part.height(),
          pixels,
          to,
          rowPixels);
    }
  }

  private void fillBars(ByteBuffer pixels, int at) {
    if (bars.length == 0) {
      bars = new byte[width * height * channels.count()];
      Arrays.fill(bars, (byte) framing.bars());
    }
    pixels.put(at, bars);
  }

  /** Frees the memory that it keeps for the next picture. */
  void trim() {
    scaler.trim();
  }

  @Override
  public void close() {
    scaler.close();
  }
}
