package io.tandem.run;

import io.tandem.spark.Readers;
import io.tandem.text.RunJson;
import java.time.Instant;
import java.util.List;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * A batch of a run that follows a folder, as {@code batches/} of the run folder has it: written
 * before its first frame is predicted.
 *
 * @param batch its number, from 0
 * @param since when its work began
 * @param files the number of its files
 * @param frames the number of their frames
 * @param filesBefore the number of files of all batches before
 * @param framesBefore the number of frames of all batches before; the first frame's index
 */
public record BatchRecord(
    long batch, String since, long files, long frames, long filesBefore, long framesBefore) {
  /** The folder of the batches, relative to the run folder. */
  static final String FOLDER = "batches";

  /** Returns the last batch of a run, before which there was none if it is the first. */
  public static BatchRecord last(RunFolder run) {
    List<String> names =
        run.files(FOLDER).stream().filter(name -> name.matches("\\d+\\.json")).toList();
    return names.isEmpty()
        ? new BatchRecord(-1, Instant.EPOCH.toString(), 0, 0, 0, 0)
        : RunJson.read(run.read(FOLDER + "/" + names.get(names.size() - 1)), BatchRecord.class);
  }

  /** Returns when the work of each batch began. */
  static List<Instant> starts(SparkSession spark, RunFolder run) {
    return Readers.literal(spark)
        .schema("since STRING")
        .json(run.path(FOLDER))
        .as(Encoders.STRING())
        .collectAsList()
        .stream()
        .map(Instant::parse)
        .toList();
  }

  /** Returns whether a run follows a folder, and has begun its first batch. */
  public static boolean areIn(RunFolder run) {
    return run.exists(FOLDER);
  }

  /** Returns the next batch, whose work begins now. */
  public BatchRecord next(long number, int ofFiles, int ofFrames) {
    return new BatchRecord(
        number,
        Instant.now().toString(),
        ofFiles,
        ofFrames,
        filesBefore + files,
        framesBefore + frames);
  }

  /** Returns the same batch with another number of frames: a video may have changed meanwhile. */
  public BatchRecord withFrames(int number) {
    return new BatchRecord(batch, since, files, number, filesBefore, framesBefore);
  }

  /** Writes the record, in place of a former one of the batch. */
  public void write(RunFolder run) {
    run.newFile("%s/%010d.json".formatted(FOLDER, batch)).writeWhole(RunJson.line(this) + "\n");
  }
}
