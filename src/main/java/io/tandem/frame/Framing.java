package io.tandem.frame;

import java.io.Serializable;

/**
 * The details of how a frame meets a model's size.
 *
 * @param resize the length in pixels to which the shorter side is scaled, before the middle is cut
 *     to the model's size, as torchvision's presets do; 0: the largest middle part is scaled
 * @param filter how pixels are interpolated
 * @param bars the value of the pixels of bars beside a whole frame, 0 to 255
 */
public record Framing(int resize, Filter filter, int bars) implements Serializable {
  /** The largest middle part, bilinear, black bars. */
  public static final Framing USUAL = new Framing(0, Filter.BILINEAR, 0);

  /** How pixels are interpolated. */
  public enum Filter {
    /** Linear, over all pixels that a pixel of a smaller result covers. */
    BILINEAR,
    /** Cubic with a = -0.5, over all pixels that a pixel of a smaller result covers. */
    BICUBIC,
    /** Linear between the two nearest pixels on each axis, also where a picture shrinks. */
    BILINEAR_ALIASED
  }
}
