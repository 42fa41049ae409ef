package io.tandem.lane;

import io.tandem.frame.Geometry;
import io.tandem.frame.PixelBuffer;
import io.tandem.timing.FrameTiming;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way into a batch: what was read, where its pixels go, when it was worked on, or
 * the error that ended its way. Handed from the lane to a reading thread, to a decoding thread, and
 * back.
 */
public final class FramePlace {
  /** How far it is. Only what is still being read can be given up: decoding ends by itself. */
  enum State {
    READING,
    DECODING,
    DONE
  }

  private final DueFrame due;
  private final FrameTiming.Moments moments = new FrameTiming.Moments();
  private final AtomicReference<State> state = new AtomicReference<>(State.READING);
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile byte @Nullable [] bytes;
  private volatile @Nullable String error;
  private volatile @Nullable Geometry geometry;
  private volatile @Nullable Throwable failure;
  private volatile @Nullable Future<?> reading;

  private volatile long readingSince;
  private @Nullable PixelBuffer buffer;
  private int number;
  private int readThread;
  private int decodeThread;

  FramePlace(DueFrame due) {
    this.due = due;
  }

  /** Gives it a place in a buffer. */
  void placeAt(PixelBuffer in, int at) {
    buffer = in;
    number = at;
  }

  @Nullable PixelBuffer buffer() {
    return buffer;
  }

  /** Which of the lane's helpers read it; 0 is the lane itself. */
  public int readThread() {
    return readThread;
  }

  /** Which of the lane's helpers decoded it; 0 is the lane itself. */
  public int decodeThread() {
    return decodeThread;
  }

  void decodedBy(int thread) {
    decodeThread = thread;
  }

  void startReading(int thread) {
    readThread = thread;
    moments.readFrom = System.nanoTime();
    readingSince = moments.readFrom;
  }

  /** When a thread began to read it, as {@link System#nanoTime}; 0 where none did yet. */
  long readingSince() {
    return readingSince;
  }

  public DueFrame due() {
    return due;
  }

  /** Which place of the batch's buffer its pixels have, from 0. */
  public int number() {
    return number;
  }

  public FrameTiming.Moments moments() {
    return moments;
  }

  /** Why there are no pixels; null where there are. */
  public @Nullable String error() {
    return error;
  }

  /** Returns how its pixels map to the picture; null until it is decoded. */
  public @Nullable Geometry geometry() {
    return geometry;
  }

  void geometry(Geometry decoded) {
    geometry = decoded;
  }

  byte @Nullable [] bytes() {
    return bytes;
  }

  void bytes(byte @Nullable [] read) {
    bytes = read;
  }

  void reading(Future<?> future) {
    reading = future;
  }

  /** Goes on to decoding, unless it was given up meanwhile. */
  boolean startDecoding() {
    return state.compareAndSet(State.READING, State.DECODING);
  }

  void done() {
    state.set(State.DONE);
    done.countDown();
  }

  /** The frame's own error: it becomes a row. */
  void failed(String why) {
    if (state.getAndSet(State.DONE) != State.DONE) {
      error = why;
      done.countDown();
    }
  }

  /** The frame's own error while it is decoded, by the lane itself or by a helper. */
  void spoilt(String why) {
    error = why;
  }

  /** An error of the program: it becomes the task's. */
  void broke(Throwable cause) {
    failure = cause;
    failed(String.valueOf(cause));
  }

  /** Gives up a frame that is still being read; one that is being decoded goes on. */
  boolean giveUp(String why) {
    if (!state.compareAndSet(State.READING, State.DONE)) {
      return false;
    }
    error = why;
    done.countDown();
    Future<?> future = reading;
    if (future != null) {
      future.cancel(true);
    }
    return true;
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  boolean await(long nanos) throws InterruptedException {
    return done.await(nanos, TimeUnit.NANOSECONDS);
  }

  @Nullable Throwable failure() {
    return failure;
  }
}
