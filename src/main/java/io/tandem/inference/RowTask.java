package io.tandem.inference;

import io.tandem.lane.FrameResult;
import io.tandem.lane.LaneContext;
import io.tandem.lane.LaneSpec;
import io.tandem.quarantine.Guard;
import io.tandem.run.PredictionTable;
import io.tandem.run.PredictionTable.Part;
import io.tandem.source.FramePaths;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the frames of a task's rows with one lane, and appends to each row what it is asked for;
 * rows are computed on demand.
 */
final class RowTask implements MapPartitionsFunction<Row, Row> {
  private static final long serialVersionUID = 1L;

  private final LaneSpec spec;
  private final InputColumn column;
  private final FramePaths paths;
  private final Part[] appended;

  /**
   * Creates the task.
   *
   * @param appended a struct column for each
   */
  RowTask(LaneSpec spec, InputColumn column, FramePaths paths, List<Part> appended) {
    this.spec = spec;
    this.column = column;
    this.paths = paths;
    this.appended = appended.toArray(Part[]::new);
  }

  @Override
  public Iterator<Row> call(Iterator<Row> rows) {
    if (!rows.hasNext()) {
      return Collections.emptyIterator();
    }
    RowFrames frames = new RowFrames(rows, column, paths, spec.files());
    PredictionTable table = PredictionTable.of(spec.model());
    return LaneRows.open(
        spec,
        device -> Guard.unwatched(spec.open(device, frames), frames),
        (result, lane) -> row(frames.take(result.frame()), table, result, lane),
        report -> {});
  }

  private Row row(Row given, PredictionTable table, FrameResult result, LaneContext lane) {
    @Nullable Object[] cells = new Object[given.length() + appended.length];
    for (int i = 0; i < given.length(); i++) {
      cells[i] = given.get(i);
    }
    for (int i = 0; i < appended.length; i++) {
      cells[given.length() + i] = table.row(appended[i], result, lane);
    }
    return RowFactory.create(cells);
  }
}
