package io.tandem.frame;

import org.bytedeco.ffmpeg.global.avcodec;

/** The image formats that are decoded, told by a file's first bytes, never by its name. */
enum ImageFormat {
  JPEG(avcodec.AV_CODEC_ID_MJPEG, 0, 0xff, 0xd8, 0xff),
  PNG(avcodec.AV_CODEC_ID_PNG, 0, 0x89, 'P', 'N', 'G'),
  WEBP(avcodec.AV_CODEC_ID_WEBP, 8, 'W', 'E', 'B', 'P'),
  GIF(avcodec.AV_CODEC_ID_GIF, 0, 'G', 'I', 'F', '8'),
  BMP(avcodec.AV_CODEC_ID_BMP, 0, 'B', 'M'),
  TIFF_LITTLE(avcodec.AV_CODEC_ID_TIFF, 0, 'I', 'I', 42, 0),
  TIFF_BIG(avcodec.AV_CODEC_ID_TIFF, 0, 'M', 'M', 0, 42);

  final int codecId;
  private final int offset;
  private final int[] magic;

  ImageFormat(int codecId, int offset, int... magic) {
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
    if (length < offset + magic.length) {
      return false;
    }
    for (int i = 0; i < magic.length; i++) {
      if ((bytes[offset + i] & 0xff) != magic[i]) {
        return false;
      }
    }
    return true;
  }
}
