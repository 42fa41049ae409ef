package io.tandem.run;

import io.tandem.postprocess.TaskTypes;
import io.tandem.source.FramePlan;
import io.tandem.spark.Readers;
import io.tandem.spark.Session;
import io.tandem.text.Words;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * What a run has committed, compared with the frames that its source lists now. A frame is
 * committed if it has a row of its path, time in the video, length and modification time.
 */
public final class Checkpoint {
  private static final String KEPT = "_staging/kept";

  /** How many files of a kind are named. */
  private static final int MOST_NAMED = 5;

  // Both sides have a frame once. Without a file's modification time its length has to do.
  private static final String STATES =
      """
      SELECT l.frame_index, l.path IS NOT NULL listed, c.path IS NOT NULL committed,
             COALESCE(l.path, c.path) path, COALESCE(l.pts_us, c.pts_us) pts_us,
             l.length <=> c.length AND l.modified_ms <=> c.modified_ms same
      FROM listed l FULL OUTER JOIN committed c
        ON l.path = c.path AND l.pts_us <=> c.pts_us
      """;

  private final SparkSession spark;
  private final RunFolder run;
  private final FramePlan listed;
  private final Dataset<Row> rows;
  private final boolean knowsFormerFrames;

  private Checkpoint(Session session, RunFolder run, FramePlan listed) {
    this.spark = session.spark();
    this.run = run;
    this.listed = listed;
    this.rows = committedRows();
    this.knowsFormerFrames = run.exists(FrameListing.FOLDER);
    listed.table(session).createOrReplaceTempView("listed");
    rows.createOrReplaceTempView("rows");
    spark
        .sql("SELECT path, pts_us, length, unix_millis(modified_at) modified_ms FROM rows")
        .createOrReplaceTempView("committed");
    spark.sql(STATES).persist().createOrReplaceTempView("states");
    if (knowsFormerFrames) {
      FrameListing.read(spark, run).createOrReplaceTempView("former");
    }
  }

  /**
   * Compares a run that did not end with its source.
   *
   * @param listed the frames that there are now
   */
  public static Checkpoint of(Session session, RunFolder run, FramePlan listed) {
    run.deleteUncommitted("predictions");
    run.delete("_staging");
    return new Checkpoint(session, run, listed);
  }

  private Dataset<Row> committedRows() {
    var schema =
        PredictionTable.of(TaskTypes.named(RunRecord.read(run).environment().model().taskType()))
            .schema();
    return run.files("predictions").stream().noneMatch(name -> name.endsWith(".parquet"))
        ? spark.createDataFrame(List.of(), schema)
        : Readers.literal(spark).parquet(run.path("predictions"));
  }

  /** Returns the number of frames that stay as they are, with those that are gone now. */
  public long committed() {
    return count("SELECT COUNT(*) FROM states WHERE committed AND (same OR NOT listed)");
  }

  /** Returns the frames to predict. */
  public FramePlan remaining() {
    return listed.only(
        spark.sql("SELECT frame_index FROM states WHERE listed AND NOT (committed AND same)"));
  }

  /** Returns the number of frames of the run when all remaining ones are predicted. */
  public long total() {
    return count("SELECT COUNT(*) FROM states");
  }

  /** Returns a sentence for each kind of difference between the former listing and this one. */
  public List<String> differences() {
    List<String> said = new ArrayList<>();
    String gone = "SELECT path, pts_us FROM states WHERE NOT listed";
    if (knowsFormerFrames) {
      gone +=
          """

          UNION SELECT f.path, f.pts_us FROM former f
          LEFT ANTI JOIN states s ON f.path = s.path AND f.pts_us <=> s.pts_us""";
      say(
          said,
          """
          SELECT n.path FROM (SELECT * FROM states WHERE listed) n
          LEFT ANTI JOIN former f ON n.path = f.path AND n.pts_us <=> f.pts_us""",
          "new, and will be predicted");
    }
    say(
        said,
        "SELECT path FROM states WHERE listed AND committed AND NOT same",
        "changed, and will be predicted again");
    say(said, gone, "no longer there; rows that are committed stay");
    return said;
  }

  private void say(List<String> said, String frames, String what) {
    long count = count("SELECT COUNT(*) FROM (%s)".formatted(frames));
    if (count == 0) {
      return;
    }
    List<String> files =
        spark
            .sql(
                "SELECT DISTINCT path FROM (%s) ORDER BY path LIMIT %d"
                    .formatted(frames, MOST_NAMED + 1))
            .as(Encoders.STRING())
            .collectAsList();
    List<String> names = files.subList(0, Math.min(MOST_NAMED, files.size()));
    String others = files.size() > names.size() ? ", ..." : "";
    said.add(
        "%s %s: %s%s"
            .formatted(Words.count(count, "frame"), what, String.join(", ", names), others));
  }

  /**
   * Removes the rows of frames that have changed, by writing the files again that hold them. If it
   * is interrupted, frames lose their rows at worst, and are predicted again.
   */
  public void dropChanged() {
    spark
        .sql("SELECT path, pts_us FROM states WHERE listed AND committed AND NOT same")
        .createOrReplaceTempView("changed");
    List<String> files =
        spark
            .sql(
                """
                SELECT DISTINCT file FROM (SELECT *, input_file_name() file FROM rows) r
                  JOIN changed c ON r.path = c.path AND r.pts_us <=> c.pts_us
                """)
            .as(Encoders.STRING())
            .collectAsList()
            .stream()
            .map(file -> "predictions/" + file.replaceFirst(".*/", ""))
            .toList();
    if (files.isEmpty()) {
      return;
    }
    Readers.literal(spark)
        .parquet(files.stream().map(run::path).toArray(String[]::new))
        .createOrReplaceTempView("affected");
    spark
        .sql(
            """
            SELECT r.* FROM affected r LEFT ANTI JOIN changed c
              ON r.path = c.path AND r.pts_us <=> c.pts_us
            """)
        .write()
        .parquet(run.path(KEPT));
    files.forEach(run::delete);
    Readers.literal(spark)
        .parquet(run.path(KEPT))
        .coalesce(1)
        .write()
        .mode(SaveMode.Append)
        .parquet(run.path("predictions"));
    run.delete("_staging");
  }

  private long count(String sql) {
    return spark.sql(sql).first().getLong(0);
  }
}
