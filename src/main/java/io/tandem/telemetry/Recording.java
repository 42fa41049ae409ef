package io.tandem.telemetry;

import io.tandem.timing.EpochClock;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** While a job works, what the executors tell is written to a folder. */
public final class Recording {
  /** Chunks come once a second; an executor that is gone sends none. */
  private static final long LAST_WORD_MILLIS = 2_500;

  private Recording() {}

  /**
   * Where the plugin is not switched on, it only does the work.
   *
   * @param folder a path that Hadoop knows
   */
  public static void during(String folder, Configuration hadoop, Runnable work) {
    DriverTelemetry driver = DriverTelemetry.current();
    if (driver == null) {
      work.run();
      return;
    }
    driver.start(new Path(folder), hadoop);
    try {
      work.run();
      awaitLastWord(driver);
    } finally {
      driver.stop();
    }
  }

  /** Until what was sampled until now is here, for a short time. */
  private static void awaitLastWord(DriverTelemetry driver) {
    long now = EpochClock.ofThisJvm().micros(System.nanoTime());
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LAST_WORD_MILLIS);
    try {
      while (!driver.hasSeen(now) && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(50);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
