package io.tandem.inference;

import io.tandem.lane.DueFrame;
import io.tandem.lane.LaneSpec;
import io.tandem.quarantine.Guard;
import io.tandem.run.PredictionTable;
import io.tandem.source.Frame;
import io.tandem.source.FrameSplit;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Row;
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
    SplitFrames frames = new SplitFrames(splits);
    PredictionTable table = PredictionTable.of(spec.model());
    return LaneRows.open(
        spec,
        device -> guard.lane(spec.open(device), frames),
        (result, lane) -> table.row(result, lane, frames.columnsOf(result.frame())),
        tally::add);
  }

  /**
   * Iterates over the frames of the splits, and holds the values of the manifest's other columns.
   */
  static final class SplitFrames implements Iterator<DueFrame> {
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
}
