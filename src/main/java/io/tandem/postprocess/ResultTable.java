package io.tandem.postprocess;

import java.util.List;

/**
 * The part of a table of predictions that belongs to a task type: its columns, and what queries ask
 * of them, as Spark SQL expressions over a row.
 *
 * @param columns the columns, in their order
 * @param description the short description of a result, as {@link Result#describe} returns it
 * @param agreement the rule by which two results of a frame agree
 */
public record ResultTable(
    List<ResultColumn> columns, String description, ResultAgreement agreement) {
  public ResultTable {
    columns = List.copyOf(columns);
  }
}
