package io.tandem.run;

import io.tandem.postprocess.Result;
import io.tandem.postprocess.TaskType;
import io.tandem.postprocess.TaskTypes;
import io.tandem.source.Frame;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Results of single frames of an inference, read back from its rows and files. */
public final class RecordedResults {
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

  /** A frame with its result. */
  public record Recorded(Frame frame, Result result) {}

  /** Returns some frames, spread evenly over those with a result. */
  public List<Recorded> spread(int most) {
    return read(
        """
        SELECT path, length, frame_index, result FROM (
          SELECT *, ROW_NUMBER() OVER (ORDER BY frame_index) - 1 place, COUNT(*) OVER () all
          FROM (SELECT path, length, frame_index, %s result FROM predictions WHERE %s))
        WHERE place = 0 OR FLOOR(place * %d / all) != FLOOR((place - 1) * %d / all)
        ORDER BY frame_index LIMIT %d"""
            .formatted(
                functions.result("predictions"),
                functions.isRecorded("predictions"),
                most,
                most,
                most));
  }

  /** Returns the frames whose results are the least certain, the least one first. */
  public List<Recorded> leastCertain(int most) {
    return read(
        """
        SELECT path, length, frame_index, %s result FROM predictions WHERE %s
        ORDER BY %s NULLS LAST, frame_index LIMIT %d"""
            .formatted(
                functions.result("predictions"),
                functions.isRecorded("predictions"),
                functions.certainty("predictions"),
                most));
  }

  private List<Recorded> read(String sql) {
    ResultCells cells = new ResultCells(TaskTypes.named(taskType.name()).columns());
    return spark.sql(sql).collectAsList().stream().map(row -> recorded(cells, row)).toList();
  }

  private Recorded recorded(ResultCells cells, Row row) {
    Frame frame =
        Frame.image(row.getString(0), row.isNullAt(1) ? 0 : row.getLong(1), null, row.getInt(2));
    return new Recorded(frame, taskType.read(cells.reader(row.getStruct(3), run::readBytes)));
  }
}
