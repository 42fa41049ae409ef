package io.tandem.run;

import static org.apache.spark.sql.types.DataTypes.FloatType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.tandem.engine.Prediction;
import io.tandem.lane.FrameResult;
import io.tandem.lane.LaneContext;
import io.tandem.source.Frame;
import io.tandem.timing.FrameTiming;
import java.sql.Timestamp;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/** A row of {@code predictions/}: a frame, in a trial, round and pass. */
public final class PredictionRow {
  private static final StructType LABELLED =
      new StructType().add("label", StringType).add("probability", FloatType);

  public static final StructType SCHEMA =
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

  /** So many columns say what and where; those after them say when, and in which batch. */
  private static final int WHEN = SCHEMA.fieldIndex("batch");

  private PredictionRow() {}

  /**
   * With the manifest's own columns as one more, so that none of their names can be one of ours.
   *
   * @param columns null where there are none
   */
  public static StructType schema(@Nullable StructType columns) {
    return columns == null ? SCHEMA : SCHEMA.add("manifest", columns);
  }

  /**
   * @param columns the manifest's, null where it has no others
   */
  public static Row of(FrameResult result, LaneContext lane, @Nullable Row columns) {
    FrameTiming t = result.timing();
    return row(
        result.frame(),
        result.pass(),
        result.top(),
        result.error(),
        lane,
        columns,
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
        t.outputUs());
  }

  /** A contender's: nobody knows its batches, threads and phases. */
  public static Row ofContender(
      Frame frame, int pass, List<Prediction> top, @Nullable String error, LaneContext lane) {
    return row(frame, pass, top, error, lane, null, new Object[SCHEMA.size() - WHEN]);
  }

  /**
   * @param when the columns from {@code batch} on
   */
  private static Row row(
      Frame frame,
      int pass,
      List<Prediction> top,
      @Nullable String error,
      LaneContext lane,
      @Nullable Row columns,
      @Nullable Object... when) {
    Row[] labels =
        top.stream().map(p -> RowFactory.create(p.label(), p.probability())).toArray(Row[]::new);
    Prediction best = error != null ? null : top.get(0);
    @Nullable Object[] what = {
      frame.path(),
      frame.index(),
      frame.missing() ? null : frame.length(),
      modifiedAt(frame),
      lane.model(),
      best == null ? null : best.label(),
      best == null ? null : best.probability(),
      labels,
      error,
      lane.trial(),
      lane.round(),
      pass,
      lane.device(),
      lane.gpuAddress(),
      lane.lane(),
      lane.executor(),
      lane.host(),
      lane.partition(),
      lane.taskAttempt()
    };
    @Nullable Object[] listed = columns == null ? new Object[0] : new Object[] {columns};
    return RowFactory.create(Stream.of(what, when, listed).flatMap(Stream::of).toArray());
  }

  private static @Nullable Timestamp modifiedAt(Frame frame) {
    Long millis = frame.modifiedAtMillis();
    return millis == null ? null : new Timestamp(millis);
  }
}
