package io.tandem.lane;

import java.util.Iterator;

/** Makes batches of a lane's frames, in list order. Confined to the lane's thread. */
public interface Feed extends AutoCloseable {
  /**
   * Returns the next batch; it is full unless the frames run out or their size changes. Takes
   * frames from the iterator ahead of the batch. The caller must {@link #release} the batch before
   * the second next call.
   *
   * @return a batch without frames if none are left
   * @throws IllegalStateException if a helper thread failed, with its error as the cause
   */
  DecodedBatch next(Iterator<DueFrame> frames);

  /** Returns whether {@link #next} will return a frame. */
  boolean hasNext(Iterator<DueFrame> frames);

  /** Releases the batch's buffer for reuse. */
  void release(DecodedBatch batch);

  /**
   * Returns how long the lane has spent submitting frames to its helpers and waiting for them so
   * far, in nanoseconds.
   */
  long waitNanos();

  /** Returns the CPU time of all helpers so far, in microseconds. */
  long helperCpuMicros();

  /** Discards the frames in progress, so that a measurement starts without work done in advance. */
  void discardAhead();

  @Override
  void close();
}
