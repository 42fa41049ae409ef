package io.tandem.benchmark.external;

import io.tandem.lane.LaneSpec;
import io.tandem.run.StagedRow;
import io.tandem.spark.Session;
import io.tandem.trial.ExternalInfo;
import io.tandem.trial.Trial;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.rdd.RDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.functions;
import org.jspecify.annotations.Nullable;

/** An external implementation in a benchmark: its trial, and how that is run. */
public final class ExternalRun {
  /** So much more than is needed, for the next time may be quicker. */
  private static final double SPARE = 1.2;

  private final Session session;
  private final ExternalImplementation implementation;
  private final ExternalImplementation.Work work;
  private final Trial trial;
  private final LaneSpec spec;
  private final double minSeconds;
  private @Nullable RDD<ExternalImplementation.Answer> answers;
  private int passes = 1;

  /**
   * @param like the trial of ours that is most like it
   * @param minSeconds for how long each lane shall work at least
   */
  ExternalRun(
      Session session,
      ExternalImplementation implementation,
      ExternalImplementation.Work work,
      Trial like,
      LaneSpec spec,
      double minSeconds) {
    this.session = session;
    this.implementation = implementation;
    this.work = work;
    this.trial =
        like.by(
            implementation.id(),
            new ExternalInfo(
                implementation.title(), implementation.remark(), implementation.note()));
    this.spec = spec;
    this.minSeconds = minSeconds;
  }

  public Trial trial() {
    return trial;
  }

  /** Why it cannot take part, also after trying it with a frame a lane; null where it can. */
  @Nullable String refusal() {
    String refusal = implementation.refusal(work);
    if (refusal != null) {
      return refusal;
    }
    ExternalImplementation.Work little =
        new ExternalImplementation.Work(
            work.model(),
            work.device(),
            work.gpus(),
            work.fit(),
            work.batchSize(),
            work.topK(),
            work.parts().stream().map(part -> part.subList(0, 1)).toList());
    try {
      lanes(implementation.predict(session.spark(), little).rdd(), little, 0).count();
      return null;
    } catch (Exception | LinkageError e) {
      return mistake(e);
    }
  }

  /** With its type: of a class that is missing that is what tells. */
  public static String mistake(Throwable failure) {
    return ExceptionUtils.getRootCause(failure).toString().lines().findFirst().orElse("");
  }

  /** Writes a round's rows, of as many passes as make every lane work for long enough. */
  public void run(int round, String path) {
    write(round, path);
    double shortest = shortestSeconds(path);
    while (shortest < minSeconds) {
      passes = Math.max(passes + 1, (int) Math.ceil(passes * SPARE * minSeconds / shortest));
      write(round, path);
      shortest = shortestSeconds(path);
    }
  }

  private void write(int round, String path) {
    RDD<ExternalImplementation.Answer> all = answers;
    if (all == null) {
      all = implementation.predict(session.spark(), work).rdd();
      answers = all;
    }
    session
        .spark()
        .createDataFrame(lanes(all, work, round), StagedRow.schema(null))
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(path);
  }

  private RDD<Row> lanes(
      RDD<ExternalImplementation.Answer> of, ExternalImplementation.Work on, int round) {
    if (of.getNumPartitions() != on.parts().size()) {
      throw new IllegalStateException(
          "%d partitions for %d parts".formatted(of.getNumPartitions(), on.parts().size()));
    }
    return new ExternalLanes(of, spec, trial.id(), round, passes, on.parts());
  }

  private double shortestSeconds(String path) {
    Dataset<Row> rows = session.spark().read().schema(StagedRow.schema(null)).parquet(path);
    return rows.agg(functions.min("lane.elapsed_us")).first().getLong(0) / 1e6;
  }
}
