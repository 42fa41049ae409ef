package io.tandem.frame;

/**
 * What a picture's header claims, before anything is decoded.
 *
 * @param width in pixels
 * @param height in pixels
 * @param nativeBytes the memory outside the Java heap that decoding needs, at most
 * @param heapBytes the memory of the Java heap that decoding needs, at most
 */
record PictureClaim(ImageFormat format, long width, long height, long nativeBytes, long heapBytes) {
  private static final int PNG_HEADER = 8;
  private static final int PNG_HEADER_END = 26;
  private static final int GIF_SIZE = 6;
  private static final int BMP_SIZE = 18;
  private static final int BMP_SIZE_END = 26;

  /** Of VP8: planes of Y, Cb and Cr. Of VP8L: ARGB, and once more while it is transformed. */
  private static final int LOSSY_WEBP_PIXEL = 2;

  private static final int LOSSLESS_WEBP_PIXEL = 8;

  private static final int RGB32_PIXEL = 4;

  /** Returns the claim of a picture that FFmpeg or libjpeg-turbo decodes. */
  static PictureClaim of(ImageFormat format, long width, long height, int pixelBytes) {
    return new PictureClaim(format, width, height, times(width, height, pixelBytes), 0);
  }

  /** Returns a x b x c; at most the largest number. */
  static long times(long a, long b, long c) {
    long high = Math.multiplyHigh(a, b);
    long product = a * b;
    return high != 0 || product < 0 || Math.multiplyHigh(product, c) != 0 || product * c < 0
        ? Long.MAX_VALUE
        : product * c;
  }

  /** Returns the claim of {@code bytes[0, length)}, a PNG. */
  static PictureClaim ofPng(byte[] bytes, int length) {
    if (length < PNG_HEADER_END || bytes[PNG_HEADER + 4] != 'I') {
      return of(ImageFormat.PNG, 0, 0, 1);
    }
    int channels =
        switch (bytes[25]) {
          case 2 -> 3;
          case 4 -> 2;
          case 6 -> 4;
          default -> 1;
        };
    int sampleBytes = bytes[24] == 16 ? 2 : 1;
    return of(
        ImageFormat.PNG,
        bigEndian(bytes, 16) & 0xffffffffL,
        bigEndian(bytes, 20) & 0xffffffffL,
        channels * sampleBytes);
  }

  /** Returns the claim of {@code bytes[0, length)}, a GIF or a run-length coded BMP. */
  static PictureClaim ofCanvas(ImageFormat format, byte[] bytes, int length) {
    if (format == ImageFormat.GIF && length >= GIF_SIZE + 4) {
      return of(
          format,
          littleEndian(bytes, GIF_SIZE, 2),
          littleEndian(bytes, GIF_SIZE + 2, 2),
          RGB32_PIXEL);
    }
    if (format == ImageFormat.RLE_BMP && length >= BMP_SIZE_END) {
      return of(
          format,
          Math.abs((int) littleEndian(bytes, BMP_SIZE, 4)),
          Math.abs((long) (int) littleEndian(bytes, BMP_SIZE + 4, 4)),
          RGB32_PIXEL);
    }
    return of(format, 0, 0, RGB32_PIXEL);
  }

  /** Returns the claim of the chunk of a WebP that has its picture. */
  static PictureClaim ofWebp(byte[] bytes, Range chunk) {
    int data = chunk.from() + 8;
    boolean lossless = bytes[chunk.from() + 3] == 'L';
    if (chunk.to() - data < 10) {
      return of(ImageFormat.WEBP, 0, 0, LOSSY_WEBP_PIXEL);
    }
    if (lossless) {
      long size = littleEndian(bytes, data + 1, 4);
      return of(
          ImageFormat.WEBP, 1 + (size & 0x3fff), 1 + (size >> 14 & 0x3fff), LOSSLESS_WEBP_PIXEL);
    }
    return of(
        ImageFormat.WEBP,
        littleEndian(bytes, data + 6, 2) & 0x3fff,
        littleEndian(bytes, data + 8, 2) & 0x3fff,
        LOSSY_WEBP_PIXEL);
  }

  /** Returns the claim of a JPEG with this header. */
  static PictureClaim ofJpeg(JpegHeader header) {
    return of(ImageFormat.JPEG, header.width(), header.height(), header.pixelBytes());
  }

  private static int bigEndian(byte[] bytes, int at) {
    return (int) Long.reverseBytes(littleEndian(bytes, at, 4) << 32);
  }

  private static long littleEndian(byte[] bytes, int at, int count) {
    long value = 0;
    for (int i = count - 1; i >= 0; i--) {
      value = value << 8 | (bytes[at + i] & 0xff);
    }
    return value;
  }
}
