package io.tandem.run;

import io.tandem.postprocess.TaskType;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Makes the rows of a trial until its round ends. A row holds a lane, a frame or a ceiling, so that
 * one stage writes all three; the other two columns are null.
 */
public final class StagedRow {
  private StagedRow() {}

  /**
   * Returns the schema, including the manifest's other columns.
   *
   * @param taskType the task type of the model
   * @param manifest the types of the manifest's other columns; null if there are none
   */
  public static StructType schema(TaskType taskType, @Nullable StructType manifest) {
    return new StructType()
        .add("lane", LaneRow.SCHEMA)
        .add("frame", PredictionTable.of(taskType).schema(manifest))
        .add("ceiling", CeilingRow.SCHEMA);
  }

  /** Returns a row that wraps a row of {@code lanes/}. */
  public static Row lane(Row lane) {
    return RowFactory.create(lane, null, null);
  }

  /** Returns a row that wraps a row of {@code predictions/}. */
  public static Row frame(Row prediction) {
    return RowFactory.create(null, prediction, null);
  }

  /** Returns a row that wraps a row of {@code ceilings/}. */
  public static Row ceiling(Row ceiling) {
    return RowFactory.create(null, null, ceiling);
  }
}
