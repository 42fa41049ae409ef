package io.tandem.benchmark;

import io.tandem.timing.EpochClock;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;

/**
 * Lets all lanes of a barrier stage start at the same moment. Spark's barrier alone does not: a
 * task that waits in it looks up only once a second, so the last lane to come is off up to a second
 * before the others. Lanes of one executor meet at a latch in its memory. Where there are several
 * executors, every lane says what time it is when it comes, and all start at the latest of these
 * times plus more than that second.
 */
final class StartLine {
  /** Longer than the second that Spark's barrier sleeps, and than its answer's way. */
  private static final long LEAD_MICROS = 1_100_000;

  /** The last stretch is not slept: a sleeping thread wakes up late. */
  private static final long SPIN_NANOS = 1_000_000;

  private static final Map<String, CountDownLatch> MEETINGS = new ConcurrentHashMap<>();

  private StartLine() {}

  /**
   * Returns when it is time to start.
   *
   * @param what is to start; a stage's tasks may meet for several things, one after the other
   */
  static void await(BarrierTaskContext task, String what) {
    BarrierTaskInfo[] lanes = task.getTaskInfos();
    if (Arrays.stream(lanes).map(BarrierTaskInfo::address).distinct().count() == 1) {
      meet(task, what, lanes.length);
    } else {
      agree(task);
    }
  }

  private static void meet(BarrierTaskContext task, String what, int lanes) {
    String meeting = "%d.%d %s".formatted(task.stageId(), task.stageAttemptNumber(), what);
    CountDownLatch latch = MEETINGS.computeIfAbsent(meeting, name -> new CountDownLatch(lanes));
    latch.countDown();
    try {
      while (!latch.await(100, TimeUnit.MILLISECONDS)) {
        if (task.isInterrupted()) {
          throw new IllegalStateException("another lane failed before the start");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted before the start", e);
    } finally {
      MEETINGS.remove(meeting);
    }
  }

  private static void agree(BarrierTaskContext task) {
    EpochClock clock = EpochClock.ofThisJvm();
    String[] arrivals = task.allGather(Long.toString(clock.micros(System.nanoTime())));
    long latest = Arrays.stream(arrivals).mapToLong(Long::parseLong).max().orElseThrow();
    long left = latest + LEAD_MICROS - clock.micros(System.nanoTime());
    long start = System.nanoTime() + TimeUnit.MICROSECONDS.toNanos(left);
    for (long now = System.nanoTime(); now < start; now = System.nanoTime()) {
      if (start - now > SPIN_NANOS) {
        LockSupport.parkNanos(start - now - SPIN_NANOS);
      } else {
        Thread.onSpinWait();
      }
    }
  }
}
