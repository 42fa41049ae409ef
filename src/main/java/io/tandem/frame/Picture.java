package io.tandem.frame;

/**
 * A picture in memory.
 *
 * @param width in pixels
 * @param height in pixels
 * @param rgb uint8 [height, width, 3], R, G and B; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Copying the pixels of each picture would be slow.
public record Picture(int width, int height, byte[] rgb) {
  public Picture {
    if (rgb.length != Math.multiplyExact(3, Math.multiplyExact(width, height))) {
      throw new IllegalArgumentException(
          "%d x %d pixels are %d bytes, not %d"
              .formatted(width, height, 3L * width * height, rgb.length));
    }
  }

  /**
   * Returns the peak signal-to-noise ratio to another picture, 10 log10(255^2 / MSE), over all
   * pixels and channels, in dB; infinite for equal pictures.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public double psnr(Picture other) {
    return -20 * Math.log10(rootMeanSquareDifference(other));
  }

  /**
   * Returns the root of the mean squared difference to another picture, over all pixels and
   * channels, as a share of 255.
   *
   * @throws IllegalArgumentException if the sizes differ
   */
  public double rootMeanSquareDifference(Picture other) {
    if (width != other.width || height != other.height) {
      throw new IllegalArgumentException(
          "%d x %d and %d x %d pixels cannot be compared"
              .formatted(width, height, other.width, other.height));
    }
    long sum = 0;
    for (int i = 0; i < rgb.length; i++) {
      int difference = (rgb[i] & 0xff) - (other.rgb[i] & 0xff);
      sum += (long) difference * difference;
    }
    return Math.sqrt(sum / (double) rgb.length) / 255;
  }
}
