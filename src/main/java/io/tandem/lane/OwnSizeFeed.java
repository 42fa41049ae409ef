package io.tandem.lane;

import io.tandem.conf.Settings;
import io.tandem.engine.Batch;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.PixelBuffer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of frames that keep their own sizes: a batch ends where the size changes, or where
 * its tensor would be too large for a Java buffer. Its memory holds one batch and one frame; with
 * helpers that decode also the pixels of the frames ahead, at most {@code read-ahead-bytes} or one
 * frame, as far as the largest frame yet tells.
 */
final class OwnSizeFeed implements Feed {
  private final ReadAhead ahead;
  private final Settings.Lane settings;
  private final int batchSize;
  private final int decodeThreads;
  private final long mostBatchBytes;
  private final PixelPool pool = new PixelPool();

  /** The first frame of the next batch; null if it has not been taken yet. */
  private @Nullable FramePlace held;

  private long largest;

  /**
   * Creates a feed; nothing is read yet.
   *
   * @param decoders makes a decoder for the lane, and one for each helper
   * @param decodeThreads helpers that decode; 0 leaves decoding to the lane
   * @param mostBatchBytes the pixels of a batch of more than one frame, at most
   */
  OwnSizeFeed(
      ByteSource source,
      Supplier<FrameDecoder> decoders,
      Settings.Lane settings,
      int batchSize,
      int decodeThreads,
      long mostBatchBytes) {
    this.ahead = new ReadAhead(new FrameLoader(source, pool), decoders, settings, decodeThreads);
    this.settings = settings;
    this.batchSize = batchSize;
    this.decodeThreads = decodeThreads;
    this.mostBatchBytes = mostBatchBytes;
  }

  @Override
  public DecodedBatch next(Iterator<DueFrame> frames) {
    List<FramePlace> taken = new ArrayList<>(batchSize);
    FramePlace first = null;
    int decoded = 0;
    while (decoded < batchSize && taken.size() < decoded + batchSize) { // Failures end it, too.
      FramePlace frame = held != null ? held : take(frames);
      held = null;
      if (frame == null) {
        break;
      }
      if (frame.error() == null) {
        if (first != null && !(frame.hasSizeOf(first) && fits(decoded + 1, frame))) {
          held = frame;
          break;
        }
        first = first == null ? frame : first;
        decoded++;
      }
      taken.add(frame);
    }
    return first == null
        ? new DecodedBatch(taken, pool.take(1), null)
        : batch(taken, first, decoded);
  }

  private boolean fits(int frames, FramePlace frame) {
    return (long) frames * frame.pixelBytes() <= mostBatchBytes;
  }

  private @Nullable FramePlace take(Iterator<DueFrame> frames) {
    FramePlace frame;
    if (decodeThreads == 0) {
      frame = ahead.takeRead(frames);
      if (frame != null && frame.error() == null) {
        ahead.decodeHere(frame);
      }
    } else {
      while (ahead.size() < mostAhead() && ahead.hasRoom() && frames.hasNext()) {
        ahead.submit(new FramePlace(frames.next()));
      }
      frame = ahead.isEmpty() ? null : ahead.takeFirst();
    }
    if (frame != null && frame.error() == null) {
      largest = Math.max(largest, frame.pixelBytes());
    }
    return frame;
  }

  private long mostAhead() {
    long fits = largest == 0 ? 1 : settings.readAheadBytes() / largest;
    return Math.max(1, Math.min(settings.readAhead(), fits));
  }

  /** Copies the frames into one buffer; a frame alone stays where it is. */
  private DecodedBatch batch(List<FramePlace> taken, FramePlace first, int decoded) {
    int frameBytes = first.pixelBytes();
    PixelBuffer buffer =
        decoded == 1
            ? Objects.requireNonNull(first.buffer())
            : pool.take((long) decoded * frameBytes);
    int place = 0;
    for (FramePlace frame : taken) {
      PixelBuffer own = frame.buffer();
      if (frame.error() != null || own == null) {
        continue;
      }
      if (decoded > 1) {
        buffer.bytes().put(place * frameBytes, own.bytes(), 0, frameBytes);
        pool.give(own);
      }
      frame.placeAt(buffer, place++);
    }
    return new DecodedBatch(
        taken,
        buffer,
        new Batch(
            buffer.bytes(),
            decoded,
            ahead.laneDecoder().layout(),
            ahead.laneDecoder().channels().count(),
            first.width(),
            first.height()));
  }

  @Override
  public boolean hasNext(Iterator<DueFrame> frames) {
    return held != null || !ahead.isEmpty() || frames.hasNext();
  }

  @Override
  public void release(DecodedBatch batch) {
    pool.give(batch.buffer());
  }

  @Override
  public long waitNanos() {
    return ahead.waitNanos();
  }

  @Override
  public long helperCpuMicros() {
    return ahead.helperCpuMicros();
  }

  @Override
  public void discardAhead() {
    ahead.discard();
    PixelBuffer own = held == null ? null : held.takeBuffer();
    if (own != null) {
      pool.give(own);
    }
    held = null;
  }

  @Override
  public void close() {
    discardAhead();
    ahead.close();
    pool.close();
  }
}
