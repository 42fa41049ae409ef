package io.tandem.conf;

import org.jspecify.annotations.Nullable;

/**
 * Where results go, and how many at a time.
 *
 * @param commitFrames the frames of a chunk, which is committed as a whole
 * @param format the format of {@code results/}; Parquet if there are {@code predictions/} only
 * @param saveAs the table of a catalog that gets them too; null for none
 */
public record ResultOutput(int commitFrames, ResultFormat format, @Nullable String saveAs) {
  public ResultOutput {
    Require.atLeast("output.commit-frames", commitFrames, 1);
    Require.notBlank("output.save-as", saveAs);
  }

  /** Returns whether results go to {@code predictions/} and nowhere else. */
  public boolean isParquetOnly() {
    return format == ResultFormat.PARQUET && saveAs == null;
  }
}
