package io.tandem.run;

import io.tandem.timing.DaemonThreads;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.apache.commons.lang3.exception.ExceptionUtils;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** The results of a query, which runs in the background, beside others of the same session. */
final class Query<T> {
  private static final ThreadFactory THREADS = DaemonThreads.named("tandem-query");
  private static final Executor EXECUTOR = query -> THREADS.newThread(query).start();

  private final CompletableFuture<List<T>> results;

  private Query(CompletableFuture<List<T>> results) {
    this.results = results;
  }

  /**
   * Starts a query.
   *
   * @param make converts a row
   */
  static <T> Query<T> start(SparkSession spark, String sql, Function<Row, T> make) {
    return start(spark, sql, Map.of(), make);
  }

  /**
   * Starts a query with values that the run's files have.
   *
   * @param parameters the values of {@code :name} in the query
   * @param make converts a row
   */
  static <T> Query<T> start(
      SparkSession spark, String sql, Map<String, Object> parameters, Function<Row, T> make) {
    return new Query<>(
        CompletableFuture.supplyAsync(
            () -> spark.sql(sql, parameters).collectAsList().stream().map(make).toList(),
            EXECUTOR));
  }

  /** Waits for the results; throws what the query threw. */
  List<T> results() {
    try {
      return results.join();
    } catch (CompletionException e) {
      return ExceptionUtils.rethrow(e.getCause());
    }
  }
}
