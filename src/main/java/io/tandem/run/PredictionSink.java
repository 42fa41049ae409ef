package io.tandem.run;

import io.tandem.source.FullDisk;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;

/** A destination of prediction rows. */
public interface PredictionSink {
  /**
   * Computes the rows and commits them: all of them, or none if the computation fails.
   *
   * @throws RuntimeException if a task fails on its last attempt, with the cause
   */
  void append(Dataset<Row> rows);

  /** Returns the sink that writes Parquet files to {@code predictions/} of a run folder. */
  static PredictionSink parquet(RunFolder run) {
    String path = run.path("predictions");
    // A mark of success after each commit would say that the run has ended.
    return rows ->
        FullDisk.writing(
            path,
            () ->
                rows.write()
                    .mode(SaveMode.Append)
                    .option("mapreduce.fileoutputcommitter.marksuccessfuljobs", false)
                    .parquet(path));
  }
}
