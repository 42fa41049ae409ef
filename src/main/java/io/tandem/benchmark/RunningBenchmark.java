package io.tandem.benchmark;

import io.tandem.conf.Settings;
import io.tandem.run.RunFolder;
import io.tandem.spark.Interruption;
import io.tandem.spark.Session;
import io.tandem.telemetry.Recording;
import io.tandem.telemetry.TelemetryPlugin;
import io.tandem.timing.DaemonThreads;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/** A benchmark that runs in a thread of its own. */
public final class RunningBenchmark {
  private final SaidLines progress = new SaidLines();
  private final Interruption interruption = Interruption.byRequest(progress);
  private final FutureTask<BenchmarkResult> work;

  private RunningBenchmark(Session session, Settings settings) {
    work = new FutureTask<>(() -> measure(session, settings));
  }

  static RunningBenchmark start(Session session, Settings settings) {
    RunningBenchmark running = new RunningBenchmark(session, settings);
    DaemonThreads.named("tandem-benchmark").newThread(running.work).start();
    return running;
  }

  private BenchmarkResult measure(Session session, Settings settings) {
    try {
      if (settings.telemetry().enabled() && !Recording.isPossible()) {
        progress.say(
            "without Tandem's plugin there are no samples of cores, memory and GPUs in report.html; to have them, start Spark with spark.plugins=%s"
                .formatted(TelemetryPlugin.class.getName()));
      }
      RunFolder run = new BenchmarkJob(session, settings, progress).run(interruption);
      BenchmarkSummary summary = BenchmarkSummary.of(session, run, settings);
      if (summary == null) {
        throw new IllegalStateException(
            "the benchmark was cancelled before its first baseline was measured; what there is of it is in "
                + run.path());
      }
      summary.writeTables();
      summary.writeReport();
      progress.say("written to %s: report.html, and the columns and tables".formatted(run.path()));
      return BenchmarkResult.of(run, summary.summary());
    } finally {
      interruption.close();
    }
  }

  /**
   * Returns the lines of its progress since the last call; waits for the first one, at most so
   * long.
   *
   * @param millis the longest wait, in milliseconds
   */
  public List<String> lines(long millis) {
    return progress.next(millis);
  }

  /** Returns whether it has ended, or failed. */
  public boolean isDone() {
    return work.isDone();
  }

  /** Ends it after the current trial, with a summary of the trials so far. */
  public void cancel() {
    interruption.request();
  }

  /**
   * Waits for the end, and returns what was found.
   *
   * @throws io.tandem.conf.InputException if model, frames, settings or session cannot be used
   * @throws IllegalStateException if it was cancelled before the first baseline was measured
   */
  public BenchmarkResult result() {
    try {
      return work.get();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof RuntimeException unchecked) {
        throw unchecked;
      }
      if (cause instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(cause);
    } catch (InterruptedException e) {
      cancel();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a benchmark ran", e);
    }
  }
}
