package io.tandem.telemetry;

import io.tandem.timing.DaemonThreads;
import io.tandem.timing.EpochClock;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Estimates the offset of this JVM's clock from the driver's by periodic requests over the plugin's
 * RPC channel.
 */
final class ExecutorClock {
  private static final int FIRST_QUESTIONS = 10;
  private static final long EVERY_SECONDS = 10;

  private final ClockEstimate estimate = new ClockEstimate();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("tandem-clock"));

  /** Request for the driver's time; the response is a {@code Long} in epoch microseconds. */
  record Question() implements Serializable {}

  private ExecutorClock() {}

  /**
   * Starts periodic requests.
   *
   * @param driver sends a request and returns the response
   */
  static ExecutorClock start(Callable<Object> driver) {
    ExecutorClock clock = new ExecutorClock();
    var unused =
        clock.thread.scheduleWithFixedDelay(
            () -> clock.ask(driver), 0, EVERY_SECONDS, TimeUnit.SECONDS);
    return clock;
  }

  private void ask(Callable<Object> driver) {
    int times = estimate.at(0) == null ? FIRST_QUESTIONS : 1;
    try {
      for (int i = 0; i < times; i++) {
        long asked = System.nanoTime();
        long other = (Long) driver.call();
        long answered = System.nanoTime();
        EpochClock clock = EpochClock.ofThisJvm();
        estimate.add(clock.micros(asked), other, clock.micros(answered));
      }
    } catch (Exception e) {
      // The driver is busy or gone: without a response the offset stays unknown and its columns
      // null.
    }
  }

  /** Returns whether the executor runs in the driver's JVM, as in local mode. */
  static boolean isDrivers(String executor) {
    return "driver".equals(executor);
  }

  /** Returns the offset of this JVM's clock now; null if it is not known yet. */
  @Nullable ClockOffset offset() {
    return estimate.at(EpochClock.ofThisJvm().micros(System.nanoTime()));
  }

  /** Stops the requests. */
  void stop() {
    thread.shutdownNow();
  }
}
