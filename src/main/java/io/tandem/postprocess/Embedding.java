package io.tandem.postprocess;

import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The numbers of a frame; not all are 0.
 *
 * @param values not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Not copied: some thousand numbers for each frame.
record Embedding(float[] values) implements Result {
  private static final int DESCRIBED = 3;

  /** Returns the Euclidean length. */
  double length() {
    return Math.sqrt(product(this));
  }

  /** Returns the cosine of the angle to an embedding with as many numbers. */
  double cosine(Embedding other) {
    return product(other) / (length() * other.length());
  }

  private double product(Embedding other) {
    double sum = 0;
    for (int i = 0; i < values.length; i++) {
      sum += (double) values[i] * other.values[i];
    }
    return sum;
  }

  @Override
  public void write(ResultWriter into) {
    into.set(EmbeddingTask.EMBEDDING, values);
    into.set(EmbeddingTask.DIMENSIONS, values.length);
  }

  @Override
  public String describe() {
    String first =
        IntStream.range(0, Math.min(DESCRIBED, values.length))
            .mapToObj(i -> String.format(Locale.ROOT, "%.2f", values[i]))
            .collect(Collectors.joining(", "));
    return String.format(
        Locale.ROOT,
        "%d numbers of length %.2f: %s%s",
        values.length,
        length(),
        first,
        values.length > DESCRIBED ? ", ..." : "");
  }
}
