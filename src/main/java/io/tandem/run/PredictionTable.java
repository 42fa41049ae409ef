package io.tandem.run;

import static org.apache.spark.sql.types.DataTypes.BooleanType;
import static org.apache.spark.sql.types.DataTypes.IntegerType;
import static org.apache.spark.sql.types.DataTypes.LongType;
import static org.apache.spark.sql.types.DataTypes.StringType;
import static org.apache.spark.sql.types.DataTypes.TimestampType;

import io.tandem.lane.FrameResult;
import io.tandem.lane.LaneContext;
import io.tandem.model.ModelSpec;
import io.tandem.postprocess.Result;
import io.tandem.postprocess.TaskType;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.Columns.Column;
import io.tandem.source.Frame;
import io.tandem.timing.FrameTiming;
import java.sql.Timestamp;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code predictions/}: one row for each frame of a trial, round and pass, with the
 * columns of the model's task type. Times are in microseconds.
 */
public final class PredictionTable {
  /**
   * The source value of a row.
   *
   * @param cells the cells of the task type's columns
   * @param result null if an external implementation predicted: batches and threads are unknown
   * @param timing null in the same case
   */
  private record Source(
      Frame frame,
      int pass,
      List<@Nullable Object> cells,
      @Nullable String error,
      LaneContext lane,
      @Nullable FrameResult result,
      @Nullable FrameTiming timing) {}

  private static final Columns<Frame> FRAME =
      Columns.of(
          List.of(
              new Column<>("path", StringType, Frame::path),
              new Column<>("frame_number", LongType, frame -> frame.ref().frameNumber()),
              new Column<>("pts_us", LongType, frame -> frame.ref().ptsMicros()),
              new Column<>("frame_index", IntegerType, Frame::index),
              new Column<>("length", LongType, PredictionTable::lengthOf),
              new Column<>("modified_at", TimestampType, PredictionTable::modifiedAt)));

  private static final Column<Source> MODEL =
      new Column<>("model", StringType, s -> s.lane.model());

  private static final Column<Source> ERROR = new Column<>("error", StringType, s -> s.error);

  private static final List<Column<Source>> TRIAL =
      List.of(
          new Column<>("trial", StringType, s -> s.lane.trial()),
          new Column<>("round", IntegerType, s -> s.lane.round()),
          new Column<>("pass", IntegerType, s -> s.pass));

  private static final List<Column<Source>> PLACE =
      List.of(
          new Column<>("device", StringType, s -> s.lane.device()),
          new Column<>("gpu_address", StringType, s -> s.lane.gpuAddress()),
          new Column<>("lane", IntegerType, s -> s.lane.lane()),
          new Column<>("executor", StringType, s -> s.lane.executor()),
          new Column<>("host", StringType, s -> s.lane.host()),
          new Column<>("partition", IntegerType, s -> s.lane.partition()),
          new Column<>("task_attempt", LongType, s -> s.lane.taskAttempt()));

  private static final List<Column<Source>> TIMES =
      List.of(
          batch("batch", FrameResult::batch),
          batch("batch_size", FrameResult::batchSize),
          new Column<>(
              "first_of_shape",
              BooleanType,
              s -> s.result == null ? null : s.result.firstOfShape()),
          batch("read_thread", FrameResult::readThread),
          batch("decode_thread", FrameResult::decodeThread),
          time("started_us", FrameTiming::startedUs),
          time("read_at_us", FrameTiming::readAtUs),
          time("read_us", FrameTiming::readUs),
          time("decode_at_us", FrameTiming::decodeAtUs),
          time("decode_us", FrameTiming::decodeUs),
          time("wait_us", FrameTiming::waitUs),
          time("forward_at_us", FrameTiming::forwardAtUs),
          time("forward_us", FrameTiming::forwardUs),
          time("output_at_us", FrameTiming::outputAtUs),
          time("output_us", FrameTiming::outputUs));

  private static final Map<String, PredictionTable> TABLES =
      TaskTypes.all().stream().collect(Collectors.toMap(TaskType::name, PredictionTable::new));

  private final ResultCells results;
  private final Columns<Source> columns;
  private final Columns<Source> prediction;
  private final Columns<Source> timings;

  private PredictionTable(TaskType taskType) {
    this.results = new ResultCells(taskType.columns());
    List<Column<Source>> ofTask = results.columns((Source s) -> s.cells);
    this.columns =
        columns(
            FRAME.of((Source s) -> s.frame),
            List.of(MODEL),
            ofTask,
            List.of(ERROR),
            TRIAL,
            PLACE,
            TIMES);
    this.prediction = columns(ofTask, List.of(ERROR));
    this.timings = columns(List.of(MODEL), PLACE, TIMES);
  }

  @SafeVarargs
  @SuppressWarnings("varargs")
  private static Columns<Source> columns(List<Column<Source>>... groups) {
    return Columns.of(Stream.of(groups).flatMap(List::stream).toList());
  }

  /** Returns the table of a task type. */
  public static PredictionTable of(TaskType taskType) {
    return Objects.requireNonNull(TABLES.get(taskType.name()));
  }

  /**
   * Returns the table of a model's task type.
   *
   * @throws io.tandem.model.ModelException if there is no such task type
   */
  public static PredictionTable of(ModelSpec model) {
    return of(TaskTypes.of(model));
  }

  private static Column<Source> batch(String name, Function<FrameResult, Integer> value) {
    return new Column<>(name, IntegerType, s -> s.result == null ? null : value.apply(s.result));
  }

  private static Column<Source> time(String name, Function<FrameTiming, Long> micros) {
    return new Column<>(name, LongType, s -> s.timing == null ? null : micros.apply(s.timing));
  }

  /** Returns the schema without a manifest's other columns. */
  public StructType schema() {
    return columns.schema();
  }

  /**
   * Returns the schema, with the manifest's other columns as one struct column {@code manifest}, so
   * that names cannot clash.
   *
   * @param manifest the types of the manifest's other columns; null if there are none
   */
  public StructType schema(@Nullable StructType manifest) {
    return manifest == null ? schema() : schema().add("manifest", manifest);
  }

  /** A part of the columns, for a table that has it as a struct. */
  public enum Part {
    /** What came out: the columns of the task type, and the error. */
    PREDICTION,
    /** How it came: the model, the place and the times; of a trial nothing. */
    TIMINGS
  }

  private Columns<Source> columns(Part part) {
    return part == Part.PREDICTION ? prediction : timings;
  }

  /** Returns the schema of the columns that say which frame it is. */
  public static StructType frameColumns() {
    return FRAME.schema();
  }

  /** Returns those columns of a frame. */
  public static Row frameRow(Frame frame) {
    return FRAME.row(frame);
  }

  /** Returns the schema of a part of the columns. */
  public StructType schema(Part part) {
    return columns(part).schema();
  }

  /** Returns a part of the columns of a frame that a lane has processed. */
  public Row row(Part part, FrameResult result, LaneContext lane) {
    return columns(part).row(source(result, lane));
  }

  /**
   * Returns the names of the columns that are results, in their order: the frame, the model, what
   * it predicts or the error, and the manifest's other columns; not where and when.
   *
   * @param manifest the types of the manifest's other columns; null if there are none
   */
  public List<String> resultColumns(@Nullable StructType manifest) {
    Set<String> others =
        Stream.of(TRIAL, PLACE, TIMES)
            .flatMap(List::stream)
            .map(Column::name)
            .collect(Collectors.toSet());
    return Stream.of(schema(manifest).fieldNames()).filter(name -> !others.contains(name)).toList();
  }

  /**
   * Returns the row of a frame that a lane has processed.
   *
   * @param manifest the values of the manifest's other columns; null if there are none
   */
  public Row row(FrameResult result, LaneContext lane, @Nullable Row manifest) {
    Source source = source(result, lane);
    if (manifest == null) {
      return columns.row(source);
    }
    @Nullable Object[] cells = columns.cells(source, 1);
    cells[cells.length - 1] = manifest;
    return RowFactory.create(cells);
  }

  private Source source(FrameResult result, LaneContext lane) {
    return new Source(
        result.frame(),
        result.pass(),
        results.of(result.result(), result.failed()),
        result.error(),
        lane,
        result,
        result.timing());
  }

  /** Returns the row of a frame that an external implementation predicted. */
  public Row externalRow(
      Frame frame, int pass, @Nullable Result result, @Nullable String error, LaneContext lane) {
    return columns.row(
        new Source(frame, pass, results.of(result, error != null), error, lane, null, null));
  }

  private static @Nullable Long lengthOf(Frame frame) {
    return frame.hasLength() ? frame.length() : null;
  }

  private static @Nullable Timestamp modifiedAt(Frame frame) {
    Long millis = frame.modifiedAtMillis();
    return millis == null ? null : new Timestamp(millis);
  }
}
