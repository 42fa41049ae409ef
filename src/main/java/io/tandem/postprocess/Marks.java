package io.tandem.postprocess;

import io.tandem.frame.Picture;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to draw of a result onto its frame.
 *
 * @param caption a short description
 * @param boxes in pixels of the picture as it is stored
 * @param after a picture to show beside the frame; null for none
 */
public record Marks(String caption, List<Mark> boxes, @Nullable Picture after) {
  public Marks {
    boxes = List.copyOf(boxes);
  }

  /** A box with its text, from the outer corner of the picture's first pixel. */
  public record Mark(String text, double left, double top, double right, double bottom) {}
}
