package io.tandem.postprocess;

import io.tandem.model.ModelSpec;
import java.util.List;

/** Classification: a table of the best label, its probability, and the top k labels with theirs. */
final class ClassificationTask implements TaskType {
  private static final int TOP_K = 2;

  private static final List<ResultColumn> COLUMNS =
      List.of(
          ResultColumn.of("label", ResultColumn.Kind.TEXT),
          ResultColumn.of("probability", ResultColumn.Kind.FLOAT),
          ResultColumn.rows(
              "top_k",
              ResultColumn.of("label", ResultColumn.Kind.TEXT),
              ResultColumn.of("probability", ResultColumn.Kind.FLOAT)));

  @Override
  public String name() {
    return ModelSpec.CLASSIFICATION;
  }

  @Override
  public boolean hasLabels() {
    return true;
  }

  @Override
  public Recording recording() {
    return Recording.ALL;
  }

  @Override
  public Postprocessor postprocessor(ModelSpec model, int topK) {
    return new Classification(model, topK);
  }

  @Override
  public List<ResultColumn> columns() {
    return COLUMNS;
  }

  @Override
  public Labels read(ResultReader row) {
    return new Labels(
        row.rows(TOP_K).stream()
            .map(label -> new Prediction((String) label.get(0), (Float) label.get(1)))
            .toList());
  }

  /**
   * Compares the best labels, and the probabilities of the baseline's best label. A label that the
   * result's top k lacks has at most the probability of its last one. No label at all agrees with
   * none only, and has no probability to compare.
   */
  @Override
  public ResultAgreement agreement(Result result, Result baseline, double tie) {
    List<Prediction> own = ((Labels) result).best();
    List<Prediction> base = ((Labels) baseline).best();
    if (base.isEmpty()) {
      return new ResultAgreement(own.isEmpty(), own.isEmpty() ? 0.0 : null);
    }
    if (own.isEmpty()) {
      return new ResultAgreement(false, null);
    }
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
