package io.tandem.lane;

import io.tandem.conf.Settings;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.PixelBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a lane's frames ahead and decodes them into batches, in list order. Helper threads read
 * while the lane processes earlier frames; they also decode, unless {@code decodeThreads} is 0 and
 * the lane decodes itself. The frames in progress are bounded: at most {@code read-ahead} frames
 * with at most {@code read-ahead-bytes} bytes in total, and the buffers for two batches more than
 * these frames fill. Confined to the lane's thread.
 */
public final class BatchFeed implements AutoCloseable {
  private static final int MOST_READ_THREADS = 16;

  private final FrameLoader loader;
  private final FrameDecoder laneDecoder;
  private final Settings.Lane settings;
  private final int batchSize;
  private final int decodeThreads;
  private final @Nullable HelperPool<AutoCloseable> readers;
  private final @Nullable HelperPool<FrameDecoder> decoders;
  private final List<PixelBuffer> buffers = new ArrayList<>();
  private final Deque<PixelBuffer> free = new ArrayDeque<>();
  private final Deque<FramePlace> ahead = new ArrayDeque<>();
  private @Nullable PixelBuffer filling;
  private int filled;
  private long bytesAhead;
  private long waitNanos;

  /**
   * Creates a feed; nothing is read yet.
   *
   * @param decoders makes a decoder for the lane, and one for each helper
   * @param decodeThreads helpers that decode; 0 leaves decoding to the lane
   */
  public BatchFeed(
      ByteSource source,
      Supplier<FrameDecoder> decoders,
      Settings.Lane settings,
      int batchSize,
      int decodeThreads) {
    this.loader = new FrameLoader(source);
    this.settings = settings;
    this.batchSize = batchSize;
    this.decodeThreads = decodeThreads;
    this.laneDecoder = decoders.get();
    int readThreads = Math.min(settings.readAhead(), MOST_READ_THREADS);
    this.readers =
        readThreads == 0 ? null : new HelperPool<>("tandem-read", readThreads, () -> () -> {});
    this.decoders =
        decodeThreads == 0 ? null : new HelperPool<>("tandem-decode", decodeThreads, decoders);
    int needed = decodeThreads == 0 ? 1 : 2 + (settings.readAhead() + batchSize - 1) / batchSize;
    for (int i = 0; i < needed; i++) {
      buffers.add(new PixelBuffer((long) batchSize * laneDecoder.frameBytes()));
    }
    free.addAll(buffers);
  }

  /**
   * Returns the next batch; it is full unless the frames run out. Takes frames from the iterator
   * ahead of the batch. The caller must {@link #release} the batch before the second next call.
   *
   * @return a batch without frames if none are left
   * @throws IllegalStateException if a helper thread failed, with its error as the cause
   */
  public DecodedBatch next(Iterator<DueFrame> frames) {
    return decodeThreads == 0 ? decodeHere(frames) : takeDecoded(frames);
  }

  /** Returns whether {@link #next} will return a frame. */
  public boolean hasNext(Iterator<DueFrame> frames) {
    return !ahead.isEmpty() || frames.hasNext();
  }

  /** Releases the batch's buffer for reuse. */
  public void release(DecodedBatch batch) {
    free.add(batch.buffer());
  }

  /**
   * Returns how long the lane has spent submitting frames to its helpers and waiting for them so
   * far, in nanoseconds.
   */
  public long waitNanos() {
    return waitNanos;
  }

  /** Returns the CPU time of all helpers so far, in microseconds. */
  public long helperCpuMicros() {
    return (readers == null ? 0 : readers.cpuMicros())
        + (decoders == null ? 0 : decoders.cpuMicros());
  }

  /** Decodes on the lane's thread. A failed frame leaves no gap: the next frame takes its slot. */
  private DecodedBatch decodeHere(Iterator<DueFrame> frames) {
    PixelBuffer buffer = free.remove();
    List<FramePlace> taken = new ArrayList<>(batchSize);
    int place = 0;
    while (place < batchSize) {
      FramePlace frame = readers == null ? readHere(frames) : takeRead(frames);
      if (frame == null) {
        break;
      }
      taken.add(frame);
      if (frame.error() == null) {
        frame.placeAt(buffer, place);
        loader.decode(frame, laneDecoder);
        throwFailure(frame);
        place += frame.error() == null ? 1 : 0;
      }
    }
    return new DecodedBatch(taken, buffer);
  }

  private @Nullable FramePlace readHere(Iterator<DueFrame> frames) {
    if (!frames.hasNext()) {
      return null;
    }
    FramePlace frame = new FramePlace(frames.next());
    read(frame, 0);
    throwFailure(frame);
    return frame;
  }

  private @Nullable FramePlace takeRead(Iterator<DueFrame> frames) {
    while (ahead.size() < settings.readAhead() && hasRoom() && frames.hasNext()) {
      submit(new FramePlace(frames.next()));
    }
    return ahead.isEmpty() ? null : takeFirst();
  }

  /**
   * Takes a batch that helpers decode. They decode out of order, so each frame has a fixed slot
   * from the start, even one that fails.
   */
  private DecodedBatch takeDecoded(Iterator<DueFrame> frames) {
    List<FramePlace> taken = new ArrayList<>(batchSize);
    submitPlaced(frames);
    PixelBuffer buffer = ahead.isEmpty() ? free.remove() : ahead.element().buffer();
    while (taken.size() < batchSize && !ahead.isEmpty()) {
      taken.add(takeFirst());
      submitPlaced(frames);
    }
    return new DecodedBatch(taken, Objects.requireNonNull(buffer));
  }

  private void submitPlaced(Iterator<DueFrame> frames) {
    int most = Math.max(settings.readAhead(), 1);
    while (ahead.size() < most && hasRoom() && frames.hasNext()) {
      if (filling == null) {
        filling = free.poll();
        filled = 0;
      }
      if (filling == null) {
        return;
      }
      FramePlace frame = new FramePlace(frames.next());
      frame.placeAt(filling, filled++);
      if (filled == batchSize) {
        filling = null;
      }
      submit(frame);
    }
  }

  private boolean hasRoom() {
    return ahead.isEmpty() || bytesAhead < settings.readAheadBytes();
  }

  /**
   * Submits a frame to the readers. Waking a helper may cost the lane its core for a while, so this
   * counts as waiting time.
   */
  private void submit(FramePlace frame) {
    long from = System.nanoTime();
    ahead.add(frame);
    bytesAhead += frame.due().frame().length();
    frame.reading(Objects.requireNonNull(readers).submit((none, thread) -> read(frame, thread)));
    waitNanos += System.nanoTime() - from;
  }

  /** Returns the first frame ahead, once it is done or has timed out. */
  private FramePlace takeFirst() {
    FramePlace frame = ahead.element();
    long from = System.nanoTime();
    await(frame);
    waitNanos += System.nanoTime() - from;
    ahead.remove();
    bytesAhead -= frame.due().frame().length();
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
          Objects.requireNonNull(readers).replaceOne();
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
    }
  }

  private void decodeByHelper(FramePlace frame, FrameDecoder decoder, int thread) {
    if (frame.startDecoding()) {
      frame.decodedBy(thread);
      loader.decode(frame, decoder);
      frame.done();
    }
  }

  /** Discards the frames in progress, so that a measurement starts without work done in advance. */
  public void discardAhead() {
    for (FramePlace frame : ahead) {
      if (!frame.cancel("discarded")) {
        await(frame);
      }
    }
    ahead.clear();
    bytesAhead = 0;
    filling = null;
    free.clear();
    free.addAll(buffers);
  }

  @Override
  public void close() {
    boolean interrupted = Thread.interrupted(); // A killed task cleans up all the same.
    discardAhead();
    if (readers != null) {
      readers.close();
    }
    if (decoders != null) {
      decoders.close();
    }
    laneDecoder.close();
    buffers.forEach(PixelBuffer::close);
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
