package io.tandem.run;

import io.tandem.postprocess.Result;
import io.tandem.postprocess.TaskType;
import io.tandem.postprocess.TaskTypes;
import io.tandem.source.Frame;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/**
 * Results of single frames, read back from rows and files: those of an inference, or of a
 * benchmark's first baseline in its first round.
 */
public final class RecordedResults {
  /** The view of the rows. */
  static final String VIEW = "shown_predictions";

  private final SparkSession spark;
  private final RunFolder run;
  private final TaskType taskType;
  private final ResultFunctions functions;

  RecordedResults(SparkSession spark, RunFolder run, TaskType taskType, ResultFunctions functions) {
    this.spark = spark;
    this.run = run;
    this.taskType = taskType;
    this.functions = functions;
  }

  /**
   * A frame with its result.
   *
   * @param file the file of the frame
   * @param ptsMicros its time in the file, in microseconds; null if the file is an image
   */
  public record Recorded(Frame file, @Nullable Long ptsMicros, Result result) {}

  /** Returns some frames, spread evenly over those with a result. */
  public List<Recorded> spread(int most) {
    return read(
        """
        SELECT path, length, frame_index, result, pts_us FROM (
          SELECT *, ROW_NUMBER() OVER (ORDER BY frame_index) - 1 place, COUNT(*) OVER () all
          FROM (SELECT path, length, frame_index, %s result, pts_us FROM %s WHERE %s))
        WHERE place = 0 OR FLOOR(place * %d / all) != FLOOR((place - 1) * %d / all)
        ORDER BY frame_index LIMIT %d"""
            .formatted(functions.result(VIEW), VIEW, functions.isRecorded(VIEW), most, most, most));
  }

  /** Returns the frames whose results are the least certain, the least one first. */
  public List<Recorded> leastCertain(int most) {
    return read(
        """
        SELECT path, length, frame_index, %s result, pts_us FROM %s WHERE %s
        ORDER BY %s NULLS LAST, frame_index LIMIT %d"""
            .formatted(
                functions.result(VIEW),
                VIEW,
                functions.isRecorded(VIEW),
                functions.certainty(VIEW),
                most));
  }

  private List<Recorded> read(String sql) {
    ResultCells cells = new ResultCells(TaskTypes.named(taskType.name()).columns());
    return spark.sql(sql).collectAsList().stream().map(row -> recorded(cells, row)).toList();
  }

  private Recorded recorded(ResultCells cells, Row row) {
    Frame file =
        Frame.image(row.getString(0), row.isNullAt(1) ? 0 : row.getLong(1), null, row.getInt(2));
    return new Recorded(
        file,
        row.isNullAt(4) ? null : row.getLong(4),
        taskType.read(cells.reader(row.getStruct(3), run::readBytes)));
  }
}
