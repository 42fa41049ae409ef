package io.tandem.follow;

import io.tandem.conf.FollowSettings;
import io.tandem.run.RunFolder;
import io.tandem.spark.Session;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.apache.spark.sql.streaming.Trigger;
import org.jspecify.annotations.Nullable;

/**
 * Hands the files that arrive in a folder over in batches, as a query of Spark's Structured
 * Streaming whose checkpoint is in the run folder. A batch that was not completed, for whatever
 * reason, is handed over again with the same number and the same files when the run is resumed.
 */
public final class Follower {
  private static final String CHECKPOINT = "_follow/checkpoint";

  /** A list of more files would be a text of tens of megabytes. */
  private static final int MOST_FILES = 100_000;

  private static final long LOOK_MILLIS = 100;

  private final Session session;
  private final RunFolder run;
  private final FollowedFolder folder;
  private final FollowSettings settings;
  private volatile @Nullable Throwable failure;

  /** Creates the follower of a run; nothing is taken yet. */
  public Follower(Session session, RunFolder run, FollowedFolder folder, FollowSettings settings) {
    this.session = session;
    this.run = run;
    this.folder = folder;
    this.settings = settings;
  }

  /** Receives batches, one after the other. */
  public interface Batches {
    /**
     * Processes a batch; it is complete when this returns.
     *
     * @param number from 0 on
     */
    void process(long number, List<ArrivedFile> files);
  }

  /**
   * Hands over batches: until it is cancelled, or those of the files that are there.
   *
   * @param most the number of files of a batch, at most
   * @throws CancellationException if it was cancelled
   * @throws RuntimeException if a batch fails, with what it threw
   */
  public void follow(int most, Batches batches, BooleanSupplier cancelled) {
    String id = UUID.randomUUID().toString();
    ArrivalLists lists = new ArrivalLists(run);
    ArrivalProvider.add(id, new ArrivalStream(folder, lists, Math.min(MOST_FILES, most)));
    try {
      await(start(id, lists, batches), cancelled);
    } catch (StreamingQueryException | TimeoutException e) {
      Throwable cause = failure == null ? e.getCause() == null ? e : e.getCause() : failure;
      throw ExceptionUtils.<RuntimeException>rethrow(cause);
    } finally {
      ArrivalProvider.remove(id);
    }
    if (cancelled.getAsBoolean()) {
      throw new CancellationException("the job was cancelled");
    }
  }

  private StreamingQuery start(String id, ArrivalLists lists, Batches batches)
      throws TimeoutException {
    VoidFunction2<Dataset<Row>, Long> process =
        (rows, number) -> {
          try {
            for (Row row : rows.collectAsList()) {
              batches.process(number, lists.read(row.getLong(0)));
            }
          } catch (Exception | LinkageError | AssertionError e) { // Scala declares no exception.
            failure = e;
            throw e;
          }
        };
    return session
        .spark()
        .readStream()
        .format(ArrivalProvider.class.getName())
        .option(ArrivalProvider.ID, id)
        .load()
        .writeStream()
        .option("checkpointLocation", run.path(CHECKPOINT))
        .trigger(
            settings.once()
                ? Trigger.AvailableNow()
                : Trigger.ProcessingTime(Math.round(settings.intervalSeconds() * 1000)))
        .foreachBatch(process)
        .start();
  }

  private static void await(StreamingQuery query, BooleanSupplier cancelled)
      throws StreamingQueryException, TimeoutException {
    while (!query.awaitTermination(LOOK_MILLIS)) {
      if (cancelled.getAsBoolean()) {
        query.stop();
      }
    }
  }
}
