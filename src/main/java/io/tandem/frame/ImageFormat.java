package io.tandem.frame;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.global.avcodec;

/** The formats of images, detected by a file's first bytes, never by its name. */
enum ImageFormat {
  JPEG(avcodec.AV_CODEC_ID_MJPEG, "\u00ff\u00d8\u00ff"),
  PNG(avcodec.AV_CODEC_ID_PNG, "\u0089PNG"),
  WEBP(avcodec.AV_CODEC_ID_WEBP, "RIFF.{4}WEBP"),
  GIF(avcodec.AV_CODEC_ID_GIF, "GIF8"),
  BMP(avcodec.AV_CODEC_ID_BMP, "BM"),
  /** Also BigTIFF, in both byte orders. */
  TIFF(avcodec.AV_CODEC_ID_NONE, "II[*+]\0|MM\0[*+]"),
  AVIF(avcodec.AV_CODEC_ID_NONE, ".{4}ftypavi[fs]"),
  HEIC(avcodec.AV_CODEC_ID_NONE, ".{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)"),
  JPEG_XL(avcodec.AV_CODEC_ID_NONE, "\u00ff\n|\0\0\0\fJXL "),
  JPEG_2000(avcodec.AV_CODEC_ID_NONE, "\0\0\0\fjP  |\u00ffO\u00ffQ");

  private static final int LONGEST_START = 12;

  /** FFmpeg's id of the format's decoder; none if FFmpeg does not decode it here at all. */
  final int codecId;

  private final Pattern start;

  ImageFormat(int codecId, String start) {
    this.codecId = codecId;
    this.start = Pattern.compile(start, Pattern.DOTALL);
  }

  /**
   * Returns the format of {@code bytes[0, length)}.
   *
   * @throws FrameException if it is none that is decoded
   */
  static ImageFormat of(byte[] bytes, int length) throws FrameException {
    String first =
        new String(bytes, 0, Math.min(length, LONGEST_START), StandardCharsets.ISO_8859_1);
    for (ImageFormat format : values()) {
      if (format.start.matcher(first).lookingAt()) {
        format.requireDecoder();
        return format;
      }
    }
    throw new FrameException("not an image: no JPEG, PNG, WebP, GIF, BMP or TIFF");
  }

  private void requireDecoder() throws FrameException {
    if (compareTo(TIFF) > 0) {
      throw new FrameException(
          "not supported: %s; convert it to JPEG, PNG, WebP, GIF, BMP or TIFF"
              .formatted(name().replace('_', ' ')));
    }
  }
}
