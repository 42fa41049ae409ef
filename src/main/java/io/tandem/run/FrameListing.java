package io.tandem.run;

import io.tandem.source.FramePlan;
import io.tandem.source.FrameSet;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import io.tandem.text.RunJson;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** The paths of a run's frames, as JSON lines: what is new or gone when a run is resumed. */
public final class FrameListing {
  /** The folder of the listing, relative to the run folder. */
  static final String FOLDER = "listing";

  private FrameListing() {}

  /** Writes the paths, in place of former ones: from the driver, where it holds the frames. */
  public static void write(Session session, RunFolder run, FramePlan frames) {
    if (!(frames instanceof FrameSet few)) {
      frames
          .table(session)
          .select("path")
          .write()
          .mode(SaveMode.Overwrite)
          .option("compression", "gzip")
          .json(run.path(FOLDER));
      return;
    }
    run.delete(FOLDER);
    run.write(
        FOLDER + "/part-00000.json.gz",
        out -> {
          try (Writer lines =
              new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8)) {
            for (var frame : few.frames()) {
              lines.write("{\"path\":%s}\n".formatted(RunJson.string(frame.path())));
            }
          }
        });
  }

  /** Reads the paths, as rows (path STRING). */
  static Dataset<Row> read(SparkSession spark, RunFolder run) {
    return Readers.literal(spark).schema("path STRING").json(run.path(FOLDER));
  }
}
