package io.tandem.postprocess;

import io.tandem.model.ModelSpec;
import java.util.List;
import java.util.Objects;

/**
 * Embedding: a model returns some numbers for each frame, which are alike for frames that look
 * alike. Two embeddings agree from a cosine of {@value #SAME_COSINE} on.
 */
final class EmbeddingTask implements TaskType {
  static final int EMBEDDING = 0;
  static final int DIMENSIONS = 1;

  private static final double SAME_COSINE = 0.999;

  private static final List<ResultColumn> COLUMNS =
      List.of(
          ResultColumn.of("embedding", ResultColumn.Kind.FLOATS),
          ResultColumn.of("dimensions", ResultColumn.Kind.INT));

  @Override
  public String name() {
    return "embedding";
  }

  @Override
  public Postprocessor postprocessor(ModelSpec model, int topK) {
    return new EmbeddingOutput(model.properties());
  }

  @Override
  public List<ResultColumn> columns() {
    return COLUMNS;
  }

  @Override
  public Embedding read(ResultReader row) {
    return new Embedding((float[]) Objects.requireNonNull(row.get(EMBEDDING)));
  }

  /** Compares the directions of two embeddings; the difference is 1 less their cosine. */
  @Override
  public ResultAgreement agreement(Result result, Result baseline, double tie) {
    Embedding own = (Embedding) result;
    Embedding base = (Embedding) baseline;
    if (own.values().length != base.values().length) {
      return new ResultAgreement(false, null);
    }
    double cosine = own.cosine(base);
    return new ResultAgreement(cosine >= SAME_COSINE, Math.max(0, 1 - cosine));
  }
}
