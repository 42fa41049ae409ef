package io.tandem.inference;

import io.tandem.lane.BatchMetrics;
import io.tandem.lane.DueFrame;
import io.tandem.lane.ExecutorState;
import io.tandem.lane.FrameResult;
import io.tandem.lane.LaneContext;
import io.tandem.lane.LaneDevice;
import io.tandem.lane.LaneSpec;
import io.tandem.quarantine.Guard;
import io.tandem.quarantine.GuardedLane;
import io.tandem.run.PredictionTable;
import io.tandem.source.Frame;
import io.tandem.source.FrameSplit;
import io.tandem.telemetry.TelemetryState;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;
import org.jspecify.annotations.Nullable;

/** Predicts the frames of a task's splits with one lane; rows are computed on demand. */
final class InferTask implements FlatMapFunction<Iterator<FrameSplit>, Row> {
  private static final long serialVersionUID = 1L;

  private final LaneSpec spec;
  private final InferTally tally;
  private final Guard guard;

  /**
   * Creates the task.
   *
   * @param tally receives a report after the last frame of the task
   * @param guard knows the frames on which processes ended
   */
  InferTask(LaneSpec spec, InferTally tally, Guard guard) {
    this.spec = spec;
    this.tally = tally;
    this.guard = guard;
  }

  @Override
  public Iterator<Row> call(Iterator<FrameSplit> splits) {
    if (!splits.hasNext()) {
      return Collections.emptyIterator();
    }
    LaneDevice device = spec.pin();
    SplitFrames frames = new SplitFrames(splits);
    GuardedLane lane = guard.lane(spec.open(device), frames);
    int number = ExecutorState.ofThisJvm().takeLaneNumber();
    TelemetryState.ofThisJvm().metrics().laneOpened();
    // A completion listener always runs: on success, on failure, when killed, and with a row limit.
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> {
                  lane.close();
                  ExecutorState.ofThisJvm().freeLaneNumber(number);
                  TelemetryState.ofThisJvm().metrics().laneClosed();
                });
    LaneContext context = LaneContext.ofThisTask(spec.model(), device, number, null, null);
    PredictionTable table = PredictionTable.of(spec.model());
    return new Rows(lane, frames, context, table, tally);
  }

  /**
   * Iterates over the frames of the splits, and holds the values of the manifest's other columns.
   */
  private static final class SplitFrames implements Iterator<DueFrame> {
    private final Iterator<FrameSplit> splits;
    private final Map<Integer, Row> columns = new HashMap<>();
    private Iterator<Frame> frames = Collections.emptyIterator();

    SplitFrames(Iterator<FrameSplit> splits) {
      this.splits = splits;
    }

    @Override
    public boolean hasNext() {
      while (!frames.hasNext() && splits.hasNext()) {
        FrameSplit split = splits.next();
        columns.putAll(split.columns());
        frames = split.frames().iterator();
      }
      return frames.hasNext();
    }

    @Override
    public DueFrame next() {
      if (!hasNext()) {
        throw new NoSuchElementException("no frames left");
      }
      return new DueFrame(frames.next(), 0);
    }

    @Nullable Row columnsOf(Frame frame) {
      return columns.remove(frame.index());
    }
  }

  private static final class Rows implements Iterator<Row> {
    private final GuardedLane lane;
    private final SplitFrames frames;
    private final LaneContext context;
    private final PredictionTable table;
    private final InferTally tally;
    private final TaskReport.Counter counter = new TaskReport.Counter();
    private final Queue<Row> rows = new ArrayDeque<>();
    private final BatchMetrics metrics = new BatchMetrics();
    private final TaskContext task = TaskContext.get();

    Rows(
        GuardedLane lane,
        SplitFrames frames,
        LaneContext context,
        PredictionTable table,
        InferTally tally) {
      this.lane = lane;
      this.frames = frames;
      this.context = context;
      this.table = table;
      this.tally = tally;
    }

    @Override
    public boolean hasNext() {
      return !rows.isEmpty() || lane.hasNext();
    }

    @Override
    public Row next() {
      if (rows.isEmpty()) {
        if (task.isInterrupted()) { // Spark asks between partitions only.
          throw new TaskKilledException();
        }
        List<FrameResult> batch = lane.next();
        metrics.done(batch);
        for (FrameResult result : batch) {
          rows.add(table.row(result, context, frames.columnsOf(result.frame())));
          counter.add(result);
        }
        if (!lane.hasNext()) {
          lane.finish(); // Before the rows of the task are committed.
          tally.add(counter.report(new TaskReport.Place(context.executor(), context.host())));
        }
      }
      Row row = rows.poll();
      if (row == null) {
        throw new NoSuchElementException("no frames left");
      }
      return row;
    }
  }
}
