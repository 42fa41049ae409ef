package io.tandem.frame;

import java.io.Serializable;

/**
 * The details of how a frame meets a model's size.
 *
 * @param resize the length in pixels to which the shorter side is scaled, before the middle is cut
 *     to the model's size, as torchvision's presets do; 0: the largest middle part is scaled
 * @param isBicubic whether pixels are interpolated by bicubic instead of bilinear filters, both
 *     widened where a picture shrinks
 * @param bars the value of the pixels of bars beside a whole frame, 0 to 255
 */
public record Framing(int resize, boolean isBicubic, int bars) implements Serializable {
  /** The largest middle part, bilinear, black bars. */
  public static final Framing USUAL = new Framing(0, false, 0);
}
