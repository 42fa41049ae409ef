package io.tandem.lane;

import io.tandem.frame.Geometry;
import io.tandem.frame.PixelBuffer;
import io.tandem.source.Frame;
import io.tandem.timing.FrameTiming;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A frame on its way into a batch: its bytes, the slot of its pixels, its timing, or its error.
 * Passed from the lane to a reading thread, to a decoding thread, and back.
 */
public final class FramePlace {
  /**
   * The progress of a frame. Only a frame that is being read can be cancelled; decoding always
   * completes.
   */
  enum State {
    READING,
    DECODING,
    DONE
  }

  private volatile DueFrame due;
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
  private long fileBytes;
  private int number;
  private int channels;
  private int width;
  private int height;
  private int readThread;
  private int decodeThread;

  FramePlace(DueFrame due) {
    this.due = due;
  }

  /** Assigns the frame a slot in a buffer. */
  void placeAt(PixelBuffer in, int at) {
    buffer = in;
    number = at;
  }

  /** Gives the frame a buffer of its own, for pixels of its own size. */
  void ownSize(PixelBuffer in, int ownChannels, int ownWidth, int ownHeight) {
    buffer = in;
    channels = ownChannels;
    width = ownWidth;
    height = ownHeight;
  }

  /** Returns the width of a frame of its own size, in pixels. */
  int width() {
    return width;
  }

  /** Returns the height of a frame of its own size, in pixels. */
  int height() {
    return height;
  }

  /** Returns the bytes of the pixels of a frame of its own size. */
  int pixelBytes() {
    return Math.multiplyExact(channels, Math.multiplyExact(width, height));
  }

  /** Returns whether two frames of their own sizes are equally large. */
  boolean hasSizeOf(FramePlace other) {
    return width == other.width && height == other.height;
  }

  /** Takes the buffer away from the frame; null if it has none. */
  @Nullable PixelBuffer takeBuffer() {
    PixelBuffer taken = buffer;
    buffer = null;
    return taken;
  }

  @Nullable PixelBuffer buffer() {
    return buffer;
  }

  /** Returns the number of the helper that read the frame; 0 if the lane did nothing else then. */
  public int readThread() {
    return readThread;
  }

  /** Returns the number of the helper that decoded the frame; 0 is the lane itself. */
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

  /** Returns when reading started, as {@link System#nanoTime}; 0 if it has not started. */
  long readingSince() {
    return readingSince;
  }

  /** Returns the frame and its pass. */
  public DueFrame due() {
    return due;
  }

  /** Takes over what was looked up of the frame's file. */
  void listed(Frame frame) {
    if (!frame.equals(due.frame())) {
      due = new DueFrame(frame, due.pass());
    }
  }

  /** Returns whether it is decoded in the order of a video, not from a file of its own. */
  boolean isOfVideo() {
    return due.frame().run() != null;
  }

  /**
   * Sets how many bytes of its own file are held from reading to decoding.
   *
   * @param usual those of a file that nobody has listed
   */
  void expect(long usual) {
    long listed = due.frame().length();
    fileBytes = isOfVideo() ? 0 : listed == Frame.UNLISTED ? usual : listed;
  }

  /** Returns how many bytes of its own file are expected to be held. */
  long fileBytes() {
    return fileBytes;
  }

  /** Returns the frame's slot in the batch's buffer, from 0. */
  public int number() {
    return number;
  }

  /** Returns the start and end of each phase, in nanoseconds. */
  public FrameTiming.Moments moments() {
    return moments;
  }

  /** Returns why there are no pixels; null if there is no error. */
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

  /** Starts decoding; returns false if the frame was cancelled. */
  boolean startDecoding() {
    return state.compareAndSet(State.READING, State.DECODING);
  }

  void done() {
    state.set(State.DONE);
    done.countDown();
  }

  /** Records the frame's own error, which becomes a row. */
  void failed(String why) {
    if (state.getAndSet(State.DONE) != State.DONE) {
      error = why;
      done.countDown();
    }
  }

  /** Records a decoding error, found by the lane or by a helper. */
  void decodeFailed(String why) {
    error = why;
  }

  /** Records an internal error, which fails the task. */
  void broke(Throwable cause) {
    failure = cause;
    failed(String.valueOf(cause));
  }

  /** Cancels a frame that is being read; returns false if it is being decoded or done. */
  boolean cancel(String why) {
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
