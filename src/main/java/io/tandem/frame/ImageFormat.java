package io.tandem.frame;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.bytedeco.ffmpeg.global.avcodec;

/** The formats of images, detected by a file's first bytes, never by its name. */
enum ImageFormat {
  JPEG(Library.FFMPEG, avcodec.AV_CODEC_ID_MJPEG, "\u00ff\u00d8\u00ff"),
  PNG(Library.FFMPEG, avcodec.AV_CODEC_ID_PNG, "\u0089PNG"),
  WEBP(Library.FFMPEG, avcodec.AV_CODEC_ID_WEBP, "RIFF.{4}WEBP"),
  GIF(Library.FFMPEG, avcodec.AV_CODEC_ID_GIF, "GIF8"),
  /** Run-length coded, by its kind of compression at offset 30: only FFmpeg reports its damage. */
  RLE_BMP(Library.FFMPEG, avcodec.AV_CODEC_ID_BMP, "BM.{28}[\1\2]"),
  BMP(Library.IMAGE_IO, avcodec.AV_CODEC_ID_NONE, "BM"),
  /** Also BigTIFF, in both byte orders. */
  TIFF(Library.IMAGE_IO, avcodec.AV_CODEC_ID_NONE, "II[*+]\0|MM\0[*+]"),
  AVIF(Library.NONE, avcodec.AV_CODEC_ID_NONE, ".{4}ftypavi[fs]"),
  HEIC(Library.NONE, avcodec.AV_CODEC_ID_NONE, ".{4}ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)"),
  JPEG_XL(Library.NONE, avcodec.AV_CODEC_ID_NONE, "\u00ff\n|\0\0\0\fJXL "),
  JPEG_2000(Library.NONE, avcodec.AV_CODEC_ID_NONE, "\0\0\0\fjP  |\u00ffO\u00ffQ");

  /** The library that decodes a format; of JPEG, the one that decodes all kinds of it. */
  enum Library {
    FFMPEG,
    IMAGE_IO,
    /** The format is refused by name. */
    NONE
  }

  private static final int LONGEST_START = 31;

  /** MP4 and MOV, Matroska, AVI. */
  private static final Pattern VIDEO =
      Pattern.compile("....(ftyp|moov|mdat)|\u001aE\u00df\u00a3|RIFF....AVI ", Pattern.DOTALL);

  final Library library;

  /** FFmpeg's id of the format's decoder; none if another library decodes it. */
  final int codecId;

  private final Pattern start;

  ImageFormat(Library library, int codecId, String start) {
    this.library = library;
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
        if (format.library == Library.NONE) {
          throw new FrameException(
              "not supported: %s; convert it to JPEG, PNG, WebP, GIF, BMP or TIFF"
                  .formatted(format));
        }
        return format;
      }
    }
    if (VIDEO.matcher(first).lookingAt()) {
      throw new FrameException(
          "not an image, but a video; give its file the extension of one, such as mp4 or mkv");
    }
    throw new FrameException("not an image: no JPEG, PNG, WebP, GIF, BMP or TIFF");
  }

  @Override
  public String toString() {
    return name().replace('_', ' ');
  }
}
