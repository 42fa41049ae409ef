package io.tandem.postprocess;

import java.util.List;

/**
 * The part of a table of predictions that belongs to a task type: its columns, how a result is read
 * back from them, and when two results agree. Thread-safe.
 */
public interface ResultTable {
  /** Returns the columns, in their order. */
  List<ResultColumn> columns();

  /** Returns the result of a row; the inverse of {@link Result#write}. */
  Result read(ResultReader row);

  /**
   * Compares the results of one frame.
   *
   * @param result a trial's result, of this task type
   * @param baseline the baseline's result, of this task type
   * @param tie the difference of two scores below which the baseline itself is undecided
   */
  ResultAgreement agreement(Result result, Result baseline, double tie);
}
