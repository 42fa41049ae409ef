package io.tandem.inference;

import io.tandem.lane.LaneSpec;
import io.tandem.run.PredictionRow;
import io.tandem.source.FrameSplit;
import io.tandem.spark.Sessions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Turns splits of frames into rows of predictions with timings, as a Spark ML transformer turns one
 * dataset into another: a lane for each partition, one row for each frame. Nothing runs before the
 * rows are used.
 */
final class FrameInference {
  private final LaneSpec lanes;
  private final InferTally tally;
  private final @Nullable StructType columns;

  /**
   * @param lanes what each partition's lane runs
   * @param tally gets a report of each partition
   * @param columns the types of the columns that the splits carry; null if they carry none
   */
  FrameInference(LaneSpec lanes, InferTally tally, @Nullable StructType columns) {
    this.lanes = lanes;
    this.tally = tally;
    this.columns = columns;
  }

  /** Returns the rows of the frames, in the order of the splits. */
  Dataset<Row> transform(Dataset<FrameSplit> splits) {
    return Sessions.dataset(
        splits.sparkSession(),
        splits.toJavaRDD().mapPartitions(new InferTask(lanes, tally)),
        schema());
  }

  /** Returns the types of the rows' columns. */
  StructType schema() {
    return PredictionRow.schema(columns);
  }
}
