package io.tandem.engine;

import io.tandem.conf.Settings;
import io.tandem.model.PredictionException;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * In place of a model: sleeps, so that the speedup of N lanes is known without knowing the machine.
 * A share of each prediction is slept under a lock that the lanes of an executor have in common,
 * first come, first served; the whole is longer for more lanes by the Universal Scalability Law.
 */
public final class SleepingPredictor implements BatchPredictor {
  private static final ReentrantLock LOCK = new ReentrantLock(true);

  private final long lockedNanos;
  private final long freeNanos;
  private final int batchSize;

  /**
   * @param lanes how many work at the same time
   */
  public SleepingPredictor(Settings.Synthetic settings, int lanes, int batchSize) {
    double stretch =
        1 + settings.contention() * (lanes - 1) + settings.coherency() * lanes * (lanes - 1.0);
    double nanos = settings.sleepSeconds() * 1e9 * stretch;
    this.lockedNanos = Math.round(nanos * settings.locked());
    this.freeNanos = Math.round(nanos) - lockedNanos;
    this.batchSize = batchSize;
  }

  @Override
  public Scores predict(ByteBuffer pixels) {
    if (lockedNanos > 0) {
      LOCK.lock();
      try {
        sleep(lockedNanos);
      } finally {
        LOCK.unlock();
      }
    }
    sleep(freeNanos);
    float[] certain = new float[2 * batchSize];
    for (int frame = 0; frame < batchSize; frame++) {
      certain[2 * frame + 1] = 1;
    }
    return Scores.of(certain, 1);
  }

  private static void sleep(long nanos) {
    try {
      TimeUnit.NANOSECONDS.sleep(nanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PredictionException("interrupted while asleep", e);
    }
  }

  @Override
  public void close() {}
}
