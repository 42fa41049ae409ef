package io.tandem.frame;

/** The memory layout of a frame's decoded pixels: uint8, R, G and B. */
public enum PixelLayout {
  /** [height, width, 3]. */
  INTERLEAVED,
  /** [3, height, width]. */
  PLANES
}
