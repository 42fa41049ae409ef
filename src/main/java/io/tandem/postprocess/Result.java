package io.tandem.postprocess;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The typed result of one frame. */
public interface Result {
  /** Writes the values of the columns of the task type; {@link ResultTable#read} reads them. */
  void write(ResultWriter into);

  /**
   * Puts what is too large for a row into a store; returns the result that its row is written of.
   *
   * @throws InvalidResultException if that fails; its message becomes the row's error
   */
  default Result stored(PictureStore store) {
    return this;
  }

  /** Returns what to draw onto the frame. */
  default Marks marks() {
    return new Marks(describe(), List.of(), null);
  }

  /** Returns how certain the model is, from 0 to 1; null if it does not say. */
  default @Nullable Float certainty() {
    return null;
  }

  /** Returns a short description for console, report and trace. */
  String describe();
}
