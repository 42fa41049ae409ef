package io.tandem.postprocess;

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

  /** Returns a short description for console, report and trace. */
  String describe();
}
