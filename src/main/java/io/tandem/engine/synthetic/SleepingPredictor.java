package io.tandem.engine.synthetic;

import io.tandem.conf.Settings;
import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.engine.SessionOptions;
import io.tandem.model.PredictionException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sleeps for each batch. A share of the time holds a lock that the lanes of an executor share; the
 * total time increases with the lanes by the Universal Scalability Law (Gunther, 1993).
 */
final class SleepingPredictor implements Predictor {
  private final ReentrantLock shared;
  private final long lockedNanos;
  private final long freeNanos;

  SleepingPredictor(Settings.Synthetic settings, ReentrantLock shared, SessionOptions options) {
    int lanes = options.lanes();
    double stretch =
        1 + settings.contention() * (lanes - 1) + settings.coherency() * lanes * (lanes - 1.0);
    double nanos = settings.sleepSeconds() * 1e9 * stretch;
    this.shared = shared;
    this.lockedNanos = Math.round(nanos * settings.locked());
    this.freeNanos = Math.round(nanos) - lockedNanos;
  }

  @Override
  public Outputs predict(Batch batch) {
    if (lockedNanos > 0) {
      shared.lock();
      try {
        sleep(lockedNanos);
      } finally {
        shared.unlock();
      }
    }
    sleep(freeNanos);
    float[] certain = new float[batch.frames()];
    Arrays.fill(certain, 1);
    return new Outputs(
        batch.frames(), Map.of("output", new Outputs.Tensor(certain, batch.frames(), 1)));
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
