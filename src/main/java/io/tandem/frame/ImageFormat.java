package io.tandem.frame;

import java.nio.charset.StandardCharsets;
import org.bytedeco.ffmpeg.global.avcodec;

/** The supported image formats, detected by a file's first bytes, never by its name. */
enum ImageFormat {
  JPEG(avcodec.AV_CODEC_ID_MJPEG, 0, "\u00ff\u00d8\u00ff"),
  PNG(avcodec.AV_CODEC_ID_PNG, 0, "\u0089PNG"),
  WEBP(avcodec.AV_CODEC_ID_WEBP, 8, "WEBP"),
  GIF(avcodec.AV_CODEC_ID_GIF, 0, "GIF8"),
  BMP(avcodec.AV_CODEC_ID_BMP, 0, "BM"),
  TIFF_LITTLE(avcodec.AV_CODEC_ID_TIFF, 0, "II*\0"),
  TIFF_BIG(avcodec.AV_CODEC_ID_TIFF, 0, "MM\0*");

  final int codecId;
  private final int offset;
  private final String magic;

  ImageFormat(int codecId, int offset, String magic) {
    this.codecId = codecId;
    this.offset = offset;
    this.magic = magic;
  }

  static ImageFormat of(byte[] bytes, int length) throws FrameException {
    for (ImageFormat format : values()) {
      if (format.matches(bytes, length)) {
        return format;
      }
    }
    throw new FrameException("not an image: no JPEG, PNG, WebP, GIF, BMP or TIFF");
  }

  private boolean matches(byte[] bytes, int length) {
    int end = offset + magic.length();
    return length >= end
        && magic.equals(new String(bytes, offset, magic.length(), StandardCharsets.ISO_8859_1));
  }
}
