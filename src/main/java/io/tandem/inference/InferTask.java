package io.tandem.inference;

import io.tandem.lane.BatchMetrics;
import io.tandem.lane.DueFrame;
import io.tandem.lane.FrameResult;
import io.tandem.lane.Lane;
import io.tandem.lane.LaneContext;
import io.tandem.lane.LaneDevice;
import io.tandem.lane.LaneSlots;
import io.tandem.lane.LaneSpec;
import io.tandem.run.PredictionRow;
import io.tandem.source.FrameSplit;
import io.tandem.telemetry.LaneMetrics;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Queue;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.util.TaskCompletionListener;

/** What a task of {@code infer} does: its frames through one lane, row by row as Spark asks. */
final class InferTask implements FlatMapFunction<Iterator<FrameSplit>, Row> {
  private static final long serialVersionUID = 1L;

  private final LaneSpec spec;
  private final InferTally tally;

  /**
   * @param tally gets a report when the task has worked on all its frames
   */
  InferTask(LaneSpec spec, InferTally tally) {
    this.spec = spec;
    this.tally = tally;
  }

  @Override
  public Iterator<Row> call(Iterator<FrameSplit> parts) {
    FrameSplit part = parts.next();
    Iterator<DueFrame> frames =
        part.frames().stream().map(frame -> new DueFrame(frame, 0)).iterator();

    TaskContext task = TaskContext.get();
    LaneDevice device = spec.pin();
    Lane lane = spec.open(device);
    int slot = LaneSlots.take();
    LaneMetrics.ofThisExecutor().laneOpened();
    // A completion listener closes always: at the end, on failure, when killed, and under a limit.
    task.addTaskCompletionListener(
        (TaskCompletionListener)
            context -> {
              lane.close();
              LaneSlots.free(slot);
              LaneMetrics.ofThisExecutor().laneClosed();
            });
    return new Rows(
        lane, part, frames, LaneContext.ofThisTask(spec.model(), device, slot, null, null), tally);
  }

  private static final class Rows implements Iterator<Row> {
    private final Lane lane;
    private final FrameSplit part;
    private final Iterator<DueFrame> frames;
    private final LaneContext context;
    private final InferTally tally;
    private final TaskReport report;
    private final Queue<Row> rows = new ArrayDeque<>();
    private final BatchMetrics metrics = new BatchMetrics();

    Rows(
        Lane lane,
        FrameSplit part,
        Iterator<DueFrame> frames,
        LaneContext context,
        InferTally tally) {
      this.lane = lane;
      this.part = part;
      this.frames = frames;
      this.context = context;
      this.tally = tally;
      this.report = new TaskReport(context.executor(), context.host());
    }

    @Override
    public boolean hasNext() {
      return !rows.isEmpty() || lane.hasNext(frames);
    }

    @Override
    public Row next() {
      if (rows.isEmpty()) {
        List<FrameResult> batch = lane.next(frames);
        metrics.done(batch);
        for (FrameResult result : batch) {
          rows.add(PredictionRow.of(result, context, part.columnsOf(result.frame())));
          report.add(result);
        }
        if (!lane.hasNext(frames)) {
          tally.add(report);
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
