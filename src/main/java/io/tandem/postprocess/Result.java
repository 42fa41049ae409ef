package io.tandem.postprocess;

/** The typed result of one frame. */
public interface Result {
  /** Writes the values of the task type's columns. */
  void write(ResultWriter into);

  /** Returns the result in a few words, for console, report and trace. */
  String describe();
}
