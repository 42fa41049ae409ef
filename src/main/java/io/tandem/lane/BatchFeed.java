package io.tandem.lane;

import io.tandem.conf.Settings;
import io.tandem.engine.Batch;
import io.tandem.frame.ByteSource;
import io.tandem.frame.FrameDecoder;
import io.tandem.frame.PixelBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes batches of frames that are decoded to one size. Helper threads read while the lane
 * processes earlier frames; they also decode, unless {@code decodeThreads} is 0 and the lane
 * decodes itself. The frames in progress are bounded: at most {@code read-ahead} frames with at
 * most {@code read-ahead-bytes} bytes in total, and the buffers for two batches more than these
 * frames fill.
 */
public final class BatchFeed implements Feed {
  private final ReadAhead ahead;
  private final Settings.Lane settings;
  private final int batchSize;
  private final int decodeThreads;
  private final List<PixelBuffer> buffers = new ArrayList<>();
  private final Deque<PixelBuffer> free = new ArrayDeque<>();
  private @Nullable PixelBuffer filling;
  private int filled;

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
    this.ahead = new ReadAhead(new FrameLoader(source), decoders, settings, decodeThreads);
    this.settings = settings;
    this.batchSize = batchSize;
    this.decodeThreads = decodeThreads;
    int needed = decodeThreads == 0 ? 1 : 2 + (settings.readAhead() + batchSize - 1) / batchSize;
    for (int i = 0; i < needed; i++) {
      buffers.add(new PixelBuffer((long) batchSize * ahead.laneDecoder().frameBytes()));
    }
    free.addAll(buffers);
  }

  @Override
  public DecodedBatch next(Iterator<DueFrame> frames) {
    return decodeThreads == 0 ? decodeHere(frames) : takeDecoded(frames);
  }

  @Override
  public boolean hasNext(Iterator<DueFrame> frames) {
    return !ahead.isEmpty() || frames.hasNext();
  }

  @Override
  public void release(DecodedBatch batch) {
    free.add(batch.buffer());
  }

  @Override
  public long waitNanos() {
    return ahead.waitNanos();
  }

  @Override
  public long helperCpuMicros() {
    return ahead.helperCpuMicros();
  }

  /** Decodes on the lane's thread. A failed frame leaves no gap: the next frame takes its slot. */
  private DecodedBatch decodeHere(Iterator<DueFrame> frames) {
    PixelBuffer buffer = free.remove();
    List<FramePlace> taken = new ArrayList<>(batchSize);
    int place = 0;
    while (place < batchSize && taken.size() < place + batchSize) { // Failures end it, too.
      FramePlace frame = ahead.takeRead(frames);
      if (frame == null) {
        break;
      }
      taken.add(frame);
      if (frame.error() == null) {
        frame.placeAt(buffer, place);
        ahead.decodeHere(frame);
        place += frame.error() == null ? 1 : 0;
      }
    }
    return batch(taken, buffer);
  }

  /**
   * Takes a batch that helpers decode. They decode out of order, so each frame has a fixed slot
   * from the start, even one that fails.
   */
  private DecodedBatch takeDecoded(Iterator<DueFrame> frames) {
    List<FramePlace> taken = new ArrayList<>(batchSize);
    submitPlaced(frames);
    PixelBuffer buffer = ahead.isEmpty() ? free.remove() : ahead.first().buffer();
    while (taken.size() < batchSize && !ahead.isEmpty()) {
      taken.add(ahead.takeFirst());
      submitPlaced(frames);
    }
    return batch(taken, Objects.requireNonNull(buffer));
  }

  private DecodedBatch batch(List<FramePlace> taken, PixelBuffer buffer) {
    FrameDecoder decoder = ahead.laneDecoder();
    return new DecodedBatch(
        taken,
        buffer,
        new Batch(
            buffer.bytes(),
            batchSize,
            decoder.layout(),
            decoder.channels().count(),
            decoder.width(),
            decoder.height()));
  }

  private void submitPlaced(Iterator<DueFrame> frames) {
    int most = Math.max(settings.readAhead(), 1);
    while (ahead.size() < most && ahead.hasRoom() && frames.hasNext()) {
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
      ahead.submit(frame);
    }
  }

  @Override
  public void discardAhead() {
    ahead.discard();
    filling = null;
    free.clear();
    free.addAll(buffers);
  }

  @Override
  public void close() {
    ahead.close();
    buffers.forEach(PixelBuffer::close);
  }
}
