package io.tandem.run;

import static org.apache.spark.sql.functions.col;

import io.tandem.source.FramePlan;
import io.tandem.source.FrameRef;
import io.tandem.source.FrameSet;
import io.tandem.source.FullDisk;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import io.tandem.text.RunJson;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** The frames of a run, as JSON lines: what is new or gone when a run is resumed. */
public final class FrameListing {
  /** The folder of the listing, relative to the run folder. */
  static final String FOLDER = "listing";

  private FrameListing() {}

  /** Writes the frames, in place of former ones: from the driver, where it holds the frames. */
  public static void write(Session session, RunFolder run, FramePlan frames) {
    run.delete(FOLDER);
    add(session, run, frames, 0);
  }

  /**
   * Writes the frames of a batch, beside those of other batches.
   *
   * @param batch its number; where the driver holds the frames, its former ones are replaced
   */
  public static void add(Session session, RunFolder run, FramePlan frames, long batch) {
    if (frames instanceof FrameSet few) {
      write(run, few, batch);
      return;
    }
    FullDisk.writing(
        run.path(FOLDER),
        () ->
            frames
                .table(session)
                .select("frame_index", "path", "pts_us")
                .write()
                .mode(SaveMode.Append)
                .option("compression", "gzip")
                .json(run.path(FOLDER)));
  }

  private static void write(RunFolder run, FrameSet few, long part) {
    run.write(
        "%s/part-%05d.json.gz".formatted(FOLDER, part),
        out -> {
          try (Writer lines =
              new OutputStreamWriter(new GZIPOutputStream(out), StandardCharsets.UTF_8)) {
            for (var frame : few.frames()) {
              lines.write(
                  "{\"frame_index\":%d,\"path\":%s,\"pts_us\":%s}\n"
                      .formatted(
                          frame.index(), RunJson.string(frame.path()), frame.ref().ptsMicros()));
            }
          }
        });
  }

  /** Reads the frames, as rows (frame_index INT, path STRING, pts_us BIGINT). */
  static Dataset<Row> read(SparkSession spark, RunFolder run) {
    return Readers.literal(spark)
        .schema("frame_index INT, path STRING, pts_us BIGINT")
        .json(run.path(FOLDER));
  }

  /** Returns those of some indexes that the listing has; none if the run has no listing. */
  public static Map<Integer, FrameRef> frames(
      Session session, RunFolder run, List<Integer> indexes) {
    Map<Integer, FrameRef> frames = new HashMap<>();
    if (run.exists(FOLDER)) {
      for (Row row :
          read(session.spark(), run)
              .where(col("frame_index").isInCollection(indexes))
              .collectAsList()) {
        frames.put(
            row.getInt(0),
            new FrameRef(row.getString(1), row.isNullAt(2) ? null : row.getLong(2), null));
      }
    }
    return frames;
  }
}
