package io.tandem.inference;

import io.tandem.lane.BatchMetrics;
import io.tandem.lane.ExecutorState;
import io.tandem.lane.FrameResult;
import io.tandem.lane.LaneContext;
import io.tandem.lane.LaneDevice;
import io.tandem.lane.LaneSpec;
import io.tandem.quarantine.GuardedLane;
import io.tandem.telemetry.TelemetryState;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.spark.TaskContext;
import org.apache.spark.TaskKilledException;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** The rows of the running task: one for each frame of one lane, in order, computed on demand. */
final class LaneRows implements Iterator<Row> {
  private final GuardedLane lane;
  private final LaneContext context;
  private final RowOf rowOf;
  private final Consumer<TaskReport> whenDone;
  private final TaskReport.Counter counter = new TaskReport.Counter();
  private final Queue<Row> rows = new ArrayDeque<>();
  private final BatchMetrics metrics = new BatchMetrics();
  private final TaskContext task = TaskContext.get();

  private LaneRows(
      GuardedLane lane, LaneContext context, RowOf rowOf, Consumer<TaskReport> whenDone) {
    this.lane = lane;
    this.context = context;
    this.rowOf = rowOf;
    this.whenDone = whenDone;
  }

  /** Makes the row of a frame that the lane has processed. */
  @FunctionalInterface
  interface RowOf {
    /** Returns the row; each frame is asked for once, in order. */
    Row of(FrameResult result, LaneContext lane);
  }

  /**
   * Opens a lane in the running task, which closes it.
   *
   * @param lane opens it on a device
   * @param whenDone receives the report after the last frame
   */
  static LaneRows open(
      LaneSpec spec,
      Function<LaneDevice, GuardedLane> lane,
      RowOf rowOf,
      Consumer<TaskReport> whenDone) {
    LaneDevice device = spec.pin();
    GuardedLane opened = lane.apply(device);
    int number = ExecutorState.ofThisJvm().takeLaneNumber();
    TelemetryState.ofThisJvm().metrics().laneOpened();
    // A completion listener always runs: on success, on failure, when killed, and with a row limit.
    TaskContext.get()
        .addTaskCompletionListener(
            (TaskCompletionListener)
                context -> {
                  opened.close();
                  ExecutorState.ofThisJvm().freeLaneNumber(number);
                  TelemetryState.ofThisJvm().metrics().laneClosed();
                });
    LaneContext context = LaneContext.ofThisTask(spec.model(), device, number, null, null);
    return new LaneRows(opened, context, rowOf, whenDone);
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
        rows.add(rowOf.of(result, context));
        counter.add(result);
      }
      if (!lane.hasNext()) {
        lane.finish(); // Before the rows of the task are committed.
        whenDone.accept(counter.report(new TaskReport.Place(context.executor(), context.host())));
      }
    }
    Row row = rows.poll();
    if (row == null) {
      throw new NoSuchElementException("no frames left");
    }
    return row;
  }
}
