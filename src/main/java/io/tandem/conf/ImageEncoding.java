package io.tandem.conf;

import java.util.Locale;

/** The file formats of pictures that a run writes. */
public enum ImageEncoding {
  /** Lossless. */
  PNG,
  /** Smaller, with loss; of the quality that others number 95. */
  JPG;

  /** Returns the ending of a file's name, without the dot. */
  public String ending() {
    return name().toLowerCase(Locale.ROOT);
  }
}
