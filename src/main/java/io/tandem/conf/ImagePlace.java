package io.tandem.conf;

/** Where the pictures that a model returns go. */
public enum ImagePlace {
  /** One file each, in {@code images/} of the run folder. */
  FILES,
  /** The column {@code image} of {@code predictions/}. */
  COLUMN
}
