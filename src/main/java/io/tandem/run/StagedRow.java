package io.tandem.run;

import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A row of a trial before its round is over: a lane's, a frame's or a ceiling's, so that one stage
 * writes all three; the other two columns are null.
 */
public final class StagedRow {
  private StagedRow() {}

  /**
   * Returns the schema, with the manifest's own columns in the frame's rows.
   *
   * @param columns null where there are none
   */
  public static StructType schema(@Nullable StructType columns) {
    return new StructType()
        .add("lane", LaneRow.SCHEMA)
        .add("frame", PredictionRow.schema(columns))
        .add("ceiling", CeilingRow.SCHEMA);
  }

  /** Returns the row that holds this one of {@code lanes/}. */
  public static Row lane(Row lane) {
    return RowFactory.create(lane, null, null);
  }

  /** Returns the row that holds this one of {@code predictions/}. */
  public static Row frame(Row prediction) {
    return RowFactory.create(null, prediction, null);
  }

  /** Returns the row that holds this one of {@code ceilings/}. */
  public static Row ceiling(Row ceiling) {
    return RowFactory.create(null, null, ceiling);
  }
}
