package io.tandem.lane;

import io.tandem.conf.Settings;
import io.tandem.frame.FrameDecoder;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The frames of a lane that are being read, and decoded if there are helpers for that, before the
 * lane asks for them, in list order. Confined to the lane's thread.
 */
final class ReadAhead implements AutoCloseable {
  private static final int MOST_READ_THREADS = 16;

  private final FrameLoader loader;
  private final FrameDecoder laneDecoder;
  private final Settings.Lane settings;
  private final HelperPool<AutoCloseable> readers;
  private final @Nullable HelperPool<FrameDecoder> decoders;

  /** Frames of a video depend on each other: one helper decodes them in their order. */
  private final @Nullable HelperPool<FrameDecoder> videoDecoder;

  private final int decodeThreads;
  private final Deque<FramePlace> ahead = new ArrayDeque<>();
  private long bytesAhead;

  /** What a file has that nobody has listed: as many bytes as the last one that was taken. */
  private long usualBytes;

  private long waitNanos;

  /**
   * Creates the helpers; nothing is read yet.
   *
   * @param decoders makes a decoder for the lane, and one for each helper
   * @param decodeThreads helpers that decode; 0 leaves decoding to the lane
   */
  ReadAhead(
      FrameLoader loader,
      Supplier<FrameDecoder> decoders,
      Settings.Lane settings,
      int decodeThreads) {
    this.loader = loader;
    this.settings = settings;
    this.laneDecoder = decoders.get();
    int readThreads = Math.max(1, Math.min(settings.readAhead(), MOST_READ_THREADS));
    this.readers = new HelperPool<>("tandem-read", readThreads, () -> () -> {});
    this.decoders =
        decodeThreads == 0 ? null : new HelperPool<>("tandem-decode", decodeThreads, decoders);
    this.videoDecoder = decodeThreads == 0 ? null : new HelperPool<>("tandem-video", 1, decoders);
    this.decodeThreads = decodeThreads;
  }

  /** Returns the decoder of the lane. */
  FrameDecoder laneDecoder() {
    return laneDecoder;
  }

  boolean isEmpty() {
    return ahead.isEmpty();
  }

  int size() {
    return ahead.size();
  }

  /** Returns the frame that {@link #takeFirst} takes next. */
  FramePlace first() {
    return ahead.element();
  }

  /** Returns how long the lane has submitted frames and waited for them so far, in nanoseconds. */
  long waitNanos() {
    return waitNanos;
  }

  /** Returns the CPU time of all helpers so far, in microseconds. */
  long helperCpuMicros() {
    return readers.cpuMicros()
        + (decoders == null ? 0 : decoders.cpuMicros())
        + (videoDecoder == null ? 0 : videoDecoder.cpuMicros());
  }

  /** Returns whether the bytes ahead allow another frame. */
  boolean hasRoom() {
    return ahead.isEmpty() || bytesAhead < settings.readAheadBytes();
  }

  /**
   * Returns the next frame with its bytes, read by a helper or here; null if none is left. The lane
   * decodes it.
   */
  @Nullable FramePlace takeRead(Iterator<DueFrame> frames) {
    if (settings.readAhead() == 0) {
      return readNow(frames);
    }
    while (ahead.size() < settings.readAhead() && hasRoom() && frames.hasNext()) {
      submit(new FramePlace(frames.next()));
    }
    return ahead.isEmpty() ? null : takeFirst();
  }

  /**
   * Reads a frame while the lane does nothing else. A helper reads it, because the lane could not
   * leave a call that hangs; reading counts as the lane's time, the rest as waiting.
   */
  private @Nullable FramePlace readNow(Iterator<DueFrame> frames) {
    if (!frames.hasNext()) {
      return null;
    }
    FramePlace frame = new FramePlace(frames.next());
    if (frame.isOfVideo()) {
      return frame;
    }
    long from = System.nanoTime();
    frame.reading(readers.submit((none, thread) -> read(frame, 0)));
    await(frame);
    long reading = frame.error() == null ? frame.moments().readTo - frame.moments().readFrom : 0;
    waitNanos += System.nanoTime() - from - reading;
    throwFailure(frame);
    return frame;
  }

  /** Decodes a frame on the lane's thread. */
  void decodeHere(FramePlace frame) {
    if (frame.isOfVideo()) {
      frame.startReading(0);
    }
    loader.decode(frame, laneDecoder);
    throwFailure(frame);
  }

  /**
   * Submits a frame to the readers. Waking a helper may cost the lane its core for a while, so this
   * counts as waiting time.
   */
  void submit(FramePlace frame) {
    long from = System.nanoTime();
    frame.expect(usualBytes);
    ahead.add(frame);
    bytesAhead += frame.fileBytes();
    if (!frame.isOfVideo()) {
      frame.reading(readers.submit((none, thread) -> read(frame, thread)));
    } else if (videoDecoder == null) {
      frame.done(); // The lane reads it when it decodes it.
    } else {
      frame.reading(videoDecoder.submit((decoder, thread) -> decodeVideo(frame, decoder)));
    }
    waitNanos += System.nanoTime() - from;
  }

  /**
   * Returns the first frame ahead, once it is done or has timed out.
   *
   * @throws IllegalStateException if a helper thread failed, with its error as the cause
   */
  FramePlace takeFirst() {
    FramePlace frame = ahead.element();
    long from = System.nanoTime();
    await(frame);
    waitNanos += System.nanoTime() - from;
    ahead.remove();
    bytesAhead -= frame.fileBytes();
    usualBytes = Math.max(0, frame.due().frame().length());
    throwFailure(frame);
    return frame;
  }

  private void await(FramePlace frame) {
    long timeout = (long) (settings.frameTimeoutSeconds() * 1e9);
    try {
      while (!frame.isDone()) {
        long since = frame.readingSince();
        long left = since == 0 ? timeout : since + timeout - System.nanoTime();
        if (left > 0) {
          frame.await(left);
        } else if (frame.cancel(
            "not read within %s s (lane.frame-timeout)"
                .formatted(settings.frameTimeoutSeconds()))) {
          readers.replaceOne();
        } else {
          frame.await(timeout);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for a frame", e);
    }
  }

  private static void throwFailure(FramePlace frame) {
    Throwable failure = frame.failure();
    if (failure != null) {
      throw new IllegalStateException(
          "lane failed on %s: %s".formatted(frame.due().frame().path(), failure), failure);
    }
  }

  private void read(FramePlace frame, int thread) {
    frame.startReading(thread);
    if (!loader.read(frame)) {
      return;
    }
    if (decoders == null) {
      frame.done();
      return;
    }
    try {
      var unused = decoders.submit((decoder, helper) -> decodeByHelper(frame, decoder, helper));
    } catch (RejectedExecutionException e) {
      frame.failed("the lane is closing");
    } catch (RuntimeException | Error e) { // The helper does not start.
      frame.broke(e);
    }
  }

  private void decodeByHelper(FramePlace frame, FrameDecoder decoder, int thread) {
    if (frame.startDecoding()) {
      frame.decodedBy(thread);
      loader.decode(frame, decoder);
      frame.done();
    }
  }

  private void decodeVideo(FramePlace frame, FrameDecoder decoder) {
    int thread = decodeThreads + 1;
    frame.startReading(thread);
    decodeByHelper(frame, decoder, thread);
  }

  /** Discards the frames in progress. */
  void discard() {
    for (FramePlace frame : ahead) {
      if (!frame.cancel("discarded")) {
        await(frame);
      }
      loader.release(frame);
    }
    ahead.clear();
    bytesAhead = 0;
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted(); // A killed task cleans up all the same.
    discard();
    readers.close();
    if (decoders != null) {
      decoders.close();
    }
    if (videoDecoder != null) {
      videoDecoder.close();
    }
    laneDecoder.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
