package io.tandem.postprocess;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The objects in a picture.
 *
 * @param found the objects by decreasing score; may be empty
 * @param floor the score above which an object is in the list: the model's threshold, or the score
 *     of the best one that a limit on their number left out
 */
public record Detections(List<Detection> found, float floor) implements Result {
  private static final int DESCRIBED = 3;

  public Detections {
    found = List.copyOf(found);
  }

  @Override
  public void write(ResultWriter into) {
    into.set(0, found.stream().map(Detections::row).toList());
    into.set(1, found.size());
    into.set(2, floor);
  }

  private static List<Object> row(Detection one) {
    Box box = one.box();
    return List.of(one.label(), one.score(), box.left(), box.top(), box.right(), box.bottom());
  }

  @Override
  public @Nullable Float certainty() {
    return found.isEmpty() ? null : found.get(0).score();
  }

  @Override
  public Marks marks() {
    return new Marks(describe(), found.stream().map(Detections::mark).toList(), null);
  }

  private static Marks.Mark mark(Detection one) {
    Box box = one.box();
    String text = String.format(Locale.ROOT, "%s %.2f", one.label(), one.score());
    return new Marks.Mark(text, box.left(), box.top(), box.right(), box.bottom());
  }

  @Override
  public String describe() {
    return found.isEmpty() ? "none found" : "%d found: %s".formatted(found.size(), best());
  }

  private String best() {
    return found.stream()
        .limit(DESCRIBED)
        .map(one -> String.format(Locale.ROOT, "%s %.2f", one.label(), one.score()))
        .collect(Collectors.joining(", ", "", found.size() > DESCRIBED ? ", ..." : ""));
  }
}
