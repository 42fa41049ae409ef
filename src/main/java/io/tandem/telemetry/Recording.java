package io.tandem.telemetry;

import io.tandem.timing.EpochClock;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.jspecify.annotations.Nullable;

/** Writes the executors' telemetry to a folder while a job runs. */
public final class Recording implements AutoCloseable {
  /** Executors send a chunk per second; a lost executor sends none. */
  private static final long LAST_WORD_MILLIS = 2_500;

  private static final long LOOK_EVERY_MILLIS = 5;

  private final @Nullable DriverTelemetry driver;

  private Recording(@Nullable DriverTelemetry driver) {
    this.driver = driver;
  }

  /**
   * Runs the work and records meanwhile. Only runs the work if the plugin is not enabled.
   *
   * @param folder a Hadoop path
   */
  public static void during(String folder, Configuration hadoop, Runnable work) {
    try (Recording recording = start(folder, hadoop)) {
      work.run();
      recording.awaitLastWord();
    }
  }

  /** Returns whether this application has the plugin. */
  public static boolean isPossible() {
    return TelemetryState.ofThisJvm().driver() != null;
  }

  /** Starts to record if the plugin is enabled. */
  public static Recording start(String folder, Configuration hadoop) {
    DriverTelemetry driver = TelemetryState.ofThisJvm().driver();
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

  /** Waits until all samples taken so far have arrived, at most 2.5 seconds. */
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
