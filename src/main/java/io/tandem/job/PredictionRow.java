package io.tandem.job;

import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.tandem.frame.FrameFile;
import io.tandem.infer.FrameResult;
import io.tandem.infer.Prediction;
import io.tandem.timing.FrameTiming;
import java.sql.Timestamp;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A row of {@code predictions/}: a frame, in a trial, round and pass. */
final class PredictionRow {
  private static final StructType LABELLED =
      new StructType().add("label", StringType).add("probability", FloatType);

  static final StructType SCHEMA =
      new StructType()
          .add("path", StringType)
          .add("frame_index", IntegerType)
          .add("length", LongType)
          .add("modified_at", TimestampType)
          .add("model", StringType)
          .add("label", StringType)
          .add("probability", FloatType)
          .add("top_k", DataTypes.createArrayType(LABELLED))
          .add("error", StringType)
          .add("trial", StringType)
          .add("round", IntegerType)
          .add("pass", IntegerType)
          .add("device", StringType)
          .add("gpu_address", StringType)
          .add("lane", IntegerType)
          .add("executor", StringType)
          .add("host", StringType)
          .add("partition", IntegerType)
          .add("task_attempt", LongType)
          .add("batch", IntegerType)
          .add("batch_size", IntegerType)
          .add("read_thread", IntegerType)
          .add("decode_thread", IntegerType)
          .add("started_us", LongType)
          .add("read_at_us", LongType)
          .add("read_us", LongType)
          .add("decode_at_us", LongType)
          .add("decode_us", LongType)
          .add("wait_us", LongType)
          .add("forward_at_us", LongType)
          .add("forward_us", LongType)
          .add("output_at_us", LongType)
          .add("output_us", LongType);

  private PredictionRow() {}

  /**
   * With the manifest's own columns as one more, so that none of their names can be one of ours.
   *
   * @param columns null where there are none
   */
  static StructType schema(@Nullable StructType columns) {
    return columns == null ? SCHEMA : SCHEMA.add("manifest", columns);
  }

  /**
   * @param columns the manifest's, null where it has no others
   */
  static Row of(FrameResult result, LaneContext lane, @Nullable Row columns) {
    Object[] values = values(result, lane);
    if (columns != null) {
      values = Arrays.copyOf(values, values.length + 1);
      values[values.length - 1] = columns;
    }
    return RowFactory.create(values);
  }

  private static Object[] values(FrameResult result, LaneContext lane) {
    FrameFile frame = result.frame();
    FrameTiming t = result.timing();
    Row[] top =
        result.top().stream()
            .map(p -> RowFactory.create(p.label(), p.probability()))
            .toArray(Row[]::new);
    Prediction best = result.failed() ? null : result.top().get(0);
    return new @Nullable Object[] {
      frame.path(),
      frame.index(),
      frame.missing() ? null : frame.length(),
      frame.modifiedAtMillis() == 0 ? null : new Timestamp(frame.modifiedAtMillis()),
      lane.model(),
      best == null ? null : best.label(),
      best == null ? null : best.probability(),
      top,
      result.error(),
      lane.trial(),
      lane.round(),
      result.pass(),
      lane.device(),
      lane.gpuAddress(),
      lane.lane(),
      lane.executor(),
      lane.host(),
      lane.partition(),
      lane.taskAttempt(),
      result.batch(),
      result.batchSize(),
      result.readThread(),
      result.decodeThread(),
      t.startedUs(),
      t.readAtUs(),
      t.readUs(),
      t.decodeAtUs(),
      t.decodeUs(),
      t.waitUs(),
      t.forwardAtUs(),
      t.forwardUs(),
      t.outputAtUs(),
      t.outputUs()
    };
  }
}
