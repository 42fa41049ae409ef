package io.tandem.benchmark;

import io.tandem.lane.ExecutorState;
import io.tandem.timing.EpochClock;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.BarrierTaskInfo;

/**
 * Starts all lanes of a barrier stage at the same time. Spark's barrier polls only once a second,
 * so the last lane to arrive would start up to a second before the others. Lanes of one executor
 * meet at a latch in memory. With several executors, the lanes exchange their arrival times, and
 * all start at the latest of these plus a lead of more than a second.
 */
final class StartLine {
  /** Longer than the polling interval of Spark's barrier plus its response time. */
  private static final long LEAD_MICROS = 1_100_000;

  /** Spins for the last part of the wait, because a parked thread wakes up late. */
  private static final long SPIN_NANOS = 1_000_000;

  private StartLine() {}

  /**
   * Blocks until the common start.
   *
   * @param phase the phase to start; the tasks of a stage may meet for several phases in turn
   */
  static void await(BarrierTaskContext task, String phase) {
    BarrierTaskInfo[] lanes = task.getTaskInfos();
    if (Arrays.stream(lanes).map(BarrierTaskInfo::address).distinct().count() == 1) {
      meet(task, phase, lanes.length);
    } else {
      agree(task);
    }
  }

  private static void meet(BarrierTaskContext task, String phase, int lanes) {
    String meeting = "%d.%d %s".formatted(task.stageId(), task.stageAttemptNumber(), phase);
    ExecutorState state = ExecutorState.ofThisJvm();
    CountDownLatch latch = state.meeting(meeting, lanes);
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
      state.endMeeting(meeting);
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
