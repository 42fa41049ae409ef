package io.tandem.conf;

import java.util.Locale;

/** The file formats of results. */
public enum ResultFormat {
  /** The rows of {@code predictions/} alone. */
  PARQUET,
  /** JSON lines. */
  JSON,
  /** Apache ORC. */
  ORC,
  /** Comma-separated values with a header; columns with several values as JSON. */
  CSV;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
