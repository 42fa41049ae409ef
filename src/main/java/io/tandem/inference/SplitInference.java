package io.tandem.inference;

import io.tandem.lane.LaneSpec;
import io.tandem.quarantine.Guard;
import io.tandem.run.PredictionTable;
import io.tandem.source.FrameSplit;
import io.tandem.spark.Sessions;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * Transforms splits of frames into rows of predictions with timings, like a Spark ML transformer:
 * one lane for each partition, one row for each frame. The rows are computed lazily.
 */
final class SplitInference {
  private final LaneSpec lanes;
  private final InferTally tally;
  private final @Nullable StructType columns;

  /**
   * Creates the transformer.
   *
   * @param lanes the specification of the lanes
   * @param tally collects a report of each partition
   * @param columns the types of the manifest's other columns; null if there are none
   */
  SplitInference(LaneSpec lanes, InferTally tally, @Nullable StructType columns) {
    this.lanes = lanes;
    this.tally = tally;
    this.columns = columns;
  }

  /**
   * Returns one row for each frame, in the order of the splits.
   *
   * @param guard knows the frames on which processes ended
   */
  Dataset<Row> transform(Dataset<FrameSplit> splits, Guard guard) {
    return Sessions.dataset(
        splits.sparkSession(),
        splits.toJavaRDD().mapPartitions(new InferTask(lanes, tally, guard)),
        schema());
  }

  /** Returns the schema of the rows. */
  StructType schema() {
    return PredictionTable.of(lanes.model()).schema(columns);
  }
}
