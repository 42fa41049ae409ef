package io.tandem.spark;

import io.tandem.timing.DaemonThreads;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows the progress of a counter once a second, from its own thread. */
public final class ProgressTicker implements AutoCloseable {
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("tandem-progress"));
  private final Progress progress;
  private final long total;
  private final String unit;

  private ProgressTicker(Progress progress, long total, String unit) {
    this.progress = progress;
    this.total = total;
    this.unit = unit;
  }

  /** Starts to show a counter. */
  public static ProgressTicker start(
      Progress progress, LongSupplier counter, long total, String unit) {
    ProgressTicker ticker = new ProgressTicker(progress, total, unit);
    var unused =
        ticker.thread.scheduleAtFixedRate(
            () -> progress.at(Math.min(total, counter.getAsLong()), total, unit),
            0,
            1,
            TimeUnit.SECONDS);
    return ticker;
  }

  /** Shows that all work is done. */
  public void finish() {
    progress.at(total, total, unit);
  }

  @Override
  public void close() {
    thread.shutdownNow();
    progress.done();
  }
}
