package io.tandem.postprocess;

/** The typed result of one frame. */
public interface Result {
  /** Writes the values of the columns of the task type; {@link ResultTable#read} reads them. */
  void write(ResultWriter into);

  /** Returns a short description for console, report and trace. */
  String describe();
}
