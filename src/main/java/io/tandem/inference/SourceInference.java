package io.tandem.inference;

import io.tandem.frame.VideoIndexer;
import io.tandem.lane.FrameResult;
import io.tandem.lane.LaneContext;
import io.tandem.lane.LaneSpec;
import io.tandem.quarantine.Guard;
import io.tandem.run.PredictionTable;
import io.tandem.run.PredictionTable.Part;
import io.tandem.source.Frame;
import io.tandem.source.FramePlan;
import io.tandem.source.FrameSource;
import io.tandem.source.FrameSplit;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts the frames of a folder, a glob, videos or a manifest in the session of another program.
 * A row has columns of its frame ({@code path}, {@code frame_number}, {@code pts_us}, {@code
 * frame_index}, {@code length}, {@code modified_at}), the manifest's other columns as the struct
 * {@code manifest}, and the structs of results and timings. Only the columns that are asked for are
 * made.
 */
public final class SourceInference {
  private static final Logger LOG = LoggerFactory.getLogger(SourceInference.class);
  private static final String MANIFEST = "manifest";

  private final CallerLanes lanes;
  private final FrameSource source;
  private final Names names;

  private SourceInference(CallerLanes lanes, FrameSource source, Names names) {
    this.lanes = lanes;
    this.source = source;
    this.names = names;
  }

  /** The names of the struct columns of results and timings. */
  public record Names(String result, String timings) implements Serializable {

    /**
     * Checks the names.
     *
     * @throws ColumnException if one of them is taken
     */
    public Names {
      List<String> taken = new ArrayList<>(List.of(MANIFEST));
      taken.addAll(Arrays.asList(PredictionTable.frameColumns().fieldNames()));
      for (String name : List.of(result, timings)) {
        if (taken.stream().anyMatch(name::equalsIgnoreCase)) {
          throw new ColumnException("a column of the frames is called %s already".formatted(name));
        }
        taken.add(name);
      }
    }
  }

  /**
   * Opens the frames and the model's folder, without listing the one or loading the other.
   *
   * @throws io.tandem.conf.InputException if one of them is not there or cannot be used
   */
  public static SourceInference open(SparkSession spark, CallerSettings settings, Names names) {
    Session session = Session.of(spark);
    CallerLanes lanes = CallerLanes.of(session, settings);
    FrameSource source =
        FrameSource.open(
            lanes.settings().frames(), session.hadoop(), VideoIndexer.of(lanes.settings()));
    return new SourceInference(lanes, source, names);
  }

  /**
   * Returns the schema of all columns.
   *
   * @throws io.tandem.source.FramesException if there is a manifest that cannot be read
   */
  public StructType schema() {
    PredictionTable table = PredictionTable.of(lanes.model());
    StructType schema = PredictionTable.frameColumns();
    StructType manifest = source.columns(lanes.session());
    if (manifest != null) {
      schema = schema.add(MANIFEST, manifest);
    }
    return schema
        .add(names.result, table.schema(Part.PREDICTION))
        .add(names.timings, table.schema(Part.TIMINGS));
  }

  /**
   * Lists the frames, and returns their rows, which are computed lazily. Without results and
   * timings among the columns nothing is read or predicted.
   *
   * @param columns some of the columns of {@link #schema}, in the order of the rows' cells
   * @throws io.tandem.source.FramesException if there are no frames, or they cannot be listed
   */
  public JavaRDD<Row> rows(List<String> columns) {
    Session session = lanes.session();
    FramePlan plan = source.prepare().plan(session, new Logged());
    Iterator<FramePlan.Chunk> chunks =
        plan.chunks(
            session,
            Math.max(1, plan.size()),
            frames -> InferChunks.splitSizes(lanes.settings(), frames, session.slots()));
    Dataset<FrameSplit> splits = chunks.next().splits();
    boolean predicts = columns.contains(names.result) || columns.contains(names.timings);
    RowMaker maker = new RowMaker(List.copyOf(columns), names);
    return splits
        .toJavaRDD()
        .mapPartitions(predicts ? new Predicting(lanes.lanes(), maker) : new Listing(maker));
  }

  /** Makes rows of the columns that are asked for. */
  private record RowMaker(List<String> columns, Names names) implements Serializable {
    private static final List<String> OF_FRAME =
        Arrays.asList(PredictionTable.frameColumns().fieldNames());

    Row row(Frame frame, @Nullable Row manifest, Parts parts) {
      Row ofFrame = PredictionTable.frameRow(frame);
      @Nullable Object[] cells = new Object[columns.size()];
      for (int i = 0; i < cells.length; i++) {
        String column = columns.get(i);
        int at = OF_FRAME.indexOf(column);
        cells[i] =
            at >= 0 ? ofFrame.get(at) : column.equals(MANIFEST) ? manifest : parts.of(part(column));
      }
      return RowFactory.create(cells);
    }

    private Part part(String column) {
      return column.equals(names.result) ? Part.PREDICTION : Part.TIMINGS;
    }
  }

  /** The struct columns of one frame. */
  @FunctionalInterface
  private interface Parts {
    Row of(Part part);
  }

  /** Predicts the frames of splits. */
  private record Predicting(LaneSpec spec, RowMaker maker)
      implements FlatMapFunction<Iterator<FrameSplit>, Row> {
    @Override
    public Iterator<Row> call(Iterator<FrameSplit> splits) {
      if (!splits.hasNext()) {
        return Collections.emptyIterator();
      }
      InferTask.SplitFrames frames = new InferTask.SplitFrames(splits);
      PredictionTable table = PredictionTable.of(spec.model());
      return LaneRows.open(
          spec,
          device -> Guard.unwatched(spec.open(device), frames),
          (result, lane) -> row(result, frames, table, lane),
          report -> {});
    }

    private Row row(
        FrameResult result, InferTask.SplitFrames frames, PredictionTable table, LaneContext lane) {
      return maker.row(
          result.frame(), frames.columnsOf(result.frame()), part -> table.row(part, result, lane));
    }
  }

  /** Lists the frames of splits, of which nothing else is asked for. */
  private record Listing(RowMaker maker) implements FlatMapFunction<Iterator<FrameSplit>, Row> {
    @Override
    public Iterator<Row> call(Iterator<FrameSplit> splits) {
      InferTask.SplitFrames frames = new InferTask.SplitFrames(splits);
      return new Iterator<>() {
        @Override
        public boolean hasNext() {
          return frames.hasNext();
        }

        @Override
        public Row next() {
          Frame frame = frames.next().frame();
          return maker.row(frame, frames.columnsOf(frame), part -> RowFactory.create());
        }
      };
    }
  }

  /** Lines about the listing go to the program's log. */
  private static final class Logged implements Progress {
    @Override
    public void say(String line) {
      LOG.info(line);
    }

    @Override
    public void at(long done, long total, String unit) {}

    @Override
    public void done() {}
  }
}
