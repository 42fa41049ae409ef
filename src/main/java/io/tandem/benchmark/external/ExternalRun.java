package io.tandem.benchmark.external;

import io.tandem.lane.LaneSpec;
import io.tandem.postprocess.TaskTypes;
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

/** Runs the trial of an external implementation in a benchmark. */
public final class ExternalRun {
  /** Margin on the number of passes, because the next attempt may be faster. */
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
   * Creates a run.
   *
   * @param like the most similar trial of Tandem's lanes
   * @param minSeconds minimum duration of each lane
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

  /** Returns its trial. */
  public Trial trial() {
    return trial;
  }

  /** Returns why it cannot take part, after a trial run with one frame per lane; null if it can. */
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
      return rootCause(e);
    }
  }

  /** Returns the first line of the root cause, with its type, which identifies a missing class. */
  public static String rootCause(Throwable failure) {
    return ExceptionUtils.getRootCause(failure).toString().lines().findFirst().orElse("");
  }

  /** Writes a round's rows, with as many passes as every lane needs for the minimum duration. */
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
        .createDataFrame(
            lanes(all, work, round), StagedRow.schema(TaskTypes.of(spec.model()), null))
        .write()
        .mode(SaveMode.Overwrite)
        .parquet(path);
  }

  private RDD<Row> lanes(
      RDD<ExternalImplementation.Answer> all, ExternalImplementation.Work input, int round) {
    if (all.getNumPartitions() != input.parts().size()) {
      throw new IllegalStateException(
          "%d partitions for %d parts".formatted(all.getNumPartitions(), input.parts().size()));
    }
    return new ExternalLanes(all, spec, trial.id(), round, passes, input.parts());
  }

  private double shortestSeconds(String path) {
    Dataset<Row> rows =
        session
            .spark()
            .read()
            .schema(StagedRow.schema(TaskTypes.of(spec.model()), null))
            .parquet(path);
    return rows.agg(functions.min("lane.elapsed_us")).first().getLong(0) / 1e6;
  }
}
