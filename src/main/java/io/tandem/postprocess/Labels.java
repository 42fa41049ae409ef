package io.tandem.postprocess;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The most probable labels of a frame.
 *
 * @param best the labels by decreasing probability; none if a model with several labels for a frame
 *     finds none above its threshold
 */
public record Labels(List<Prediction> best) implements Result {
  private static final int DESCRIBED = 3;

  public Labels {
    best = List.copyOf(best);
  }

  @Override
  public void write(ResultWriter into) {
    if (!best.isEmpty()) {
      into.set(0, best.get(0).label());
      into.set(1, best.get(0).probability());
    }
    into.set(2, best.stream().map(p -> List.<Object>of(p.label(), p.probability())).toList());
  }

  @Override
  public @Nullable Float certainty() {
    return best.isEmpty() ? null : best.get(0).probability();
  }

  @Override
  public String describe() {
    return best.isEmpty() ? "no label" : described();
  }

  private String described() {
    return best.stream()
        .limit(DESCRIBED)
        .map(p -> String.format(Locale.ROOT, "%s %.2f", p.label(), p.probability()))
        .collect(Collectors.joining(", "));
  }
}
