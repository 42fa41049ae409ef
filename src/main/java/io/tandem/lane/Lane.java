package io.tandem.lane;

import io.tandem.engine.Batch;
import io.tandem.engine.Outputs;
import io.tandem.engine.Predictor;
import io.tandem.frame.Geometry;
import io.tandem.frame.PixelBuffer;
import io.tandem.postprocess.InvalidResultException;
import io.tandem.postprocess.PictureStore;
import io.tandem.postprocess.Result;
import io.tandem.timing.EpochClock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One predictor with its own feed: takes batches, predicts them, and returns the results. Not
 * thread-safe; closes its feed and predictor.
 */
public final class Lane implements AutoCloseable {
  private final Feed feed;
  private final Predictor predictor;
  private final Results results;
  private final PictureSink.Opened pictures;
  private final EpochClock clock = EpochClock.ofThisJvm();
  private final boolean ownSizes;
  private final Set<Shape> shapes = new HashSet<>();
  private int batches;

  /** The shape of a batch. */
  private record Shape(int frames, int width, int height) {
    static Shape of(Batch input) {
      return new Shape(input.frames(), input.width(), input.height());
    }
  }

  Lane(Feed feed, Predictor predictor, LaneSpec spec, PictureSink.Opened pictures) {
    this.feed = feed;
    this.predictor = predictor;
    this.results = spec.results();
    this.ownSizes = spec.model().keepsSizes();
    this.pictures = pictures;
  }

  /** Returns whether a frame is left, in the list or read ahead. */
  public boolean hasNext(Iterator<DueFrame> frames) {
    return feed.hasNext(frames);
  }

  /**
   * Processes the next batch, and returns a result for each frame, in order. Where frames have one
   * size, the engine always gets a full batch, so that no new shape is compiled: it also predicts
   * unused slots, and the lane drops their outputs.
   */
  public List<FrameResult> next(Iterator<DueFrame> frames) {
    DecodedBatch batch = feed.next(frames);
    try {
      int decoded = batch.decoded();
      Batch input = batch.input();
      boolean first = ownSizes && input != null && shapes.add(Shape.of(input));
      long forwardFrom = System.nanoTime();
      Outputs outputs = decoded > 0 && input != null ? predictor.predict(input) : Outputs.NONE;
      long forwardTo = System.nanoTime();
      List<Outcome> typed = new ArrayList<>(batch.frames().size());
      for (FramePlace frame : batch.frames()) {
        typed.add(outcome(frame, outputs));
      }
      stamp(batch, forwardFrom, forwardTo, System.nanoTime());
      List<FrameResult> done = new ArrayList<>(typed.size());
      for (int i = 0; i < typed.size(); i++) {
        done.add(done(batch.frames().get(i), typed.get(i), decoded, first));
      }
      batches++;
      return done;
    } finally {
      feed.release(batch);
    }
  }

  /** A batch with pixels of its own. */
  public record OwnedInput(PixelBuffer buffer, Batch batch) implements AutoCloseable {
    @Override
    public void close() {
      buffer.close();
    }
  }

  /**
   * Returns a copy of the next batch that has pixels, drops the batch, and discards the frames read
   * ahead.
   *
   * @throws IllegalStateException if no frame is left that can be decoded
   */
  public OwnedInput nextInput(Iterator<DueFrame> frames) {
    while (true) {
      if (!feed.hasNext(frames)) {
        throw new IllegalStateException("no frame can be decoded");
      }
      DecodedBatch batch = feed.next(frames);
      Batch input = batch.input();
      if (input == null) {
        feed.release(batch);
        continue;
      }
      PixelBuffer buffer = new PixelBuffer(input.bytes());
      buffer.bytes().put(0, input.pixels(), 0, input.bytes());
      feed.release(batch);
      feed.discardAhead();
      return new OwnedInput(
          buffer,
          new Batch(
              buffer.bytes(),
              input.frames(),
              input.layout(),
              input.channels(),
              input.width(),
              input.height()));
    }
  }

  private record Outcome(@Nullable Result result, @Nullable String error) {}

  private Outcome outcome(FramePlace frame, Outputs outputs) {
    Geometry geometry = frame.geometry();
    if (frame.error() != null || geometry == null) {
      pictures.failed(frame.due());
      return new Outcome(null, frame.error());
    }
    try {
      Result result = results.of(outputs, frame.number(), geometry);
      PictureStore store = pictures.of(frame.due());
      return new Outcome(store == null ? result : result.stored(store), null);
    } catch (InvalidResultException e) {
      pictures.failed(frame.due());
      return new Outcome(null, e.getMessage());
    }
  }

  private FrameResult done(FramePlace frame, Outcome outcome, int decoded, boolean first) {
    return new FrameResult(
        frame.due().frame(),
        frame.due().pass(),
        outcome.result(),
        outcome.error(),
        batches,
        decoded,
        first,
        frame.readThread(),
        frame.decodeThread(),
        frame.moments().on(clock));
  }

  /** Writes the phases of the batch to each of its frames; output is what follows the forward. */
  private static void stamp(DecodedBatch batch, long forwardFrom, long forwardTo, long outputTo) {
    for (FramePlace frame : batch.frames()) {
      if (frame.error() == null) {
        frame.moments().forwardFrom = forwardFrom;
        frame.moments().forwardTo = forwardTo;
        frame.moments().outputFrom = forwardTo;
        frame.moments().outputTo = outputTo;
      }
    }
  }

  /** Returns how long the lane has waited for its helpers so far, in nanoseconds. */
  public long waitNanos() {
    return feed.waitNanos();
  }

  /** Returns the CPU time of the lane's helpers so far, in microseconds. */
  public long helperCpuMicros() {
    return feed.helperCpuMicros();
  }

  /** Discards the frames that were read ahead. */
  public void discardAhead() {
    feed.discardAhead();
  }

  /**
   * Completes what consists of the pictures of several frames, after the last one.
   *
   * @throws io.tandem.source.StorageException if it cannot be written
   */
  public void finish() {
    pictures.finish();
  }

  @Override
  public void close() {
    try (predictor;
        feed;
        pictures) {
      // Each is closed, whatever the others throw.
    }
  }
}
