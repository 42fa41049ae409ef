package io.tandem.telemetry;

import io.tandem.timing.EpochClock;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** While a job works, what the executors tell is written to a folder. */
public final class Recording implements AutoCloseable {
  /** Chunks come once a second; an executor that is gone sends none. */
  private static final long LAST_WORD_MILLIS = 2_500;

  private static final long LOOK_EVERY_MILLIS = 5;

  private final @Nullable DriverTelemetry driver;

  private Recording(@Nullable DriverTelemetry driver) {
    this.driver = driver;
  }

  /**
   * Does some work, and records meanwhile. Where the plugin is not switched on, it only does the
   * work.
   *
   * @param folder a path that Hadoop knows
   */
  public static void during(String folder, Configuration hadoop, Runnable work) {
    try (Recording recording = start(folder, hadoop)) {
      work.run();
      recording.awaitLastWord();
    }
  }

  /** Begins to record, where the plugin is switched on. */
  public static Recording start(String folder, Configuration hadoop) {
    DriverTelemetry driver = DriverTelemetry.current();
    if (driver != null) {
      driver.start(new Path(folder), hadoop);
    }
    return new Recording(driver);
  }

  @Override
  public void close() {
    if (driver != null) {
      driver.stop();
    }
  }

  /** Waits until what was sampled until now is here, for a short time. */
  public void awaitLastWord() {
    if (driver == null) {
      return;
    }
    long now = EpochClock.ofThisJvm().micros(System.nanoTime());
    Sampler.flushInThisJvm();
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORD_MILLIS);
    try {
      while (!driver.hasSeen(now) && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MILLIS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
