package io.tandem.telemetry;

import io.tandem.timing.DaemonThreads;
import io.tandem.timing.EpochClock;
import java.io.Serializable;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** This JVM's clock against the driver's, asked for over the plugin's channel now and then. */
public final class ExecutorClock {
  private static final int FIRST_QUESTIONS = 10;
  private static final long EVERY_SECONDS = 10;

  private static volatile @Nullable ExecutorClock current;

  private final ClockEstimate estimate = new ClockEstimate();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("tandem-clock"));

  /** What an executor asks the driver; the answer is a {@code Long}, its epoch microseconds. */
  record Question() implements Serializable {}

  private ExecutorClock() {}

  /**
   * Starts to ask; the answers are kept for this JVM.
   *
   * @param driver sends a question and returns the answer
   */
  static ExecutorClock start(Callable<Object> driver) {
    ExecutorClock clock = new ExecutorClock();
    var unused =
        clock.thread.scheduleWithFixedDelay(
            () -> clock.ask(driver), 0, EVERY_SECONDS, TimeUnit.SECONDS);
    current = clock;
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
      // The driver is busy or gone: without an answer there is no offset, and columns stay empty.
    }
  }

  /** In local mode the executor is in the driver's JVM. */
  static boolean isDrivers(String executor) {
    return "driver".equals(executor);
  }

  /**
   * Null where it is not known yet, or nobody asks in this JVM.
   *
   * @param executor this JVM's name as an executor
   */
  public static @Nullable ClockOffset offset(String executor) {
    if (isDrivers(executor)) {
      return ClockOffset.NONE;
    }
    ExecutorClock clock = current;
    return clock == null
        ? null
        : clock.estimate.at(EpochClock.ofThisJvm().micros(System.nanoTime()));
  }

  void stop() {
    thread.shutdownNow();
    if (current == this) {
      current = null;
    }
  }
}
