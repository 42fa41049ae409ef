package io.tandem.postprocess;

import java.util.List;

/** The columns of a classification: the best label, its probability, and the top k labels. */
final class LabelTable implements ResultTable {
  private static final int TOP_K = 2;

  private static final List<ResultColumn> COLUMNS =
      List.of(
          new ResultColumn("label", ResultColumn.Type.TEXT),
          new ResultColumn("probability", ResultColumn.Type.FLOAT),
          new ResultColumn("top_k", ResultColumn.Type.LABELS));

  @Override
  public List<ResultColumn> columns() {
    return COLUMNS;
  }

  @Override
  public Labels read(ResultReader row) {
    return new Labels(((List<?>) row.get(TOP_K)).stream().map(Prediction.class::cast).toList());
  }

  /**
   * Compares the best labels, and the probabilities of the baseline's best label. A label that the
   * result's top k lacks has at most the probability of its last one.
   */
  @Override
  public ResultAgreement agreement(Result result, Result baseline, double tie) {
    List<Prediction> own = ((Labels) result).best();
    List<Prediction> base = ((Labels) baseline).best();
    String label = base.get(0).label();
    float probability = base.get(0).probability();
    float second = base.size() > 1 ? base.get(1).probability() : 0;
    float ofLabel =
        own.stream()
            .filter(p -> p.label().equals(label))
            .findFirst()
            .orElse(own.get(own.size() - 1))
            .probability();
    return new ResultAgreement(
        probability - second > tie ? own.get(0).label().equals(label) : null,
        (double) Math.abs(probability - ofLabel));
  }
}
