package io.tandem.frame;

/** How the decoded pixels of a frame lie in memory: uint8, R, G and B. */
public enum PixelLayout {
  /** [height, width, 3]. */
  INTERLEAVED,
  /** [3, height, width]. */
  PLANES
}
