package io.tandem.lane;

import io.tandem.engine.BatchPredictor;
import io.tandem.engine.Prediction;
import io.tandem.engine.Scores;
import io.tandem.frame.PixelBuffer;
import io.tandem.model.ModelSpec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * One predictor working by itself: takes batches from its feed, predicts them, turns the results
 * into rows. Not for several threads; closes what it was given.
 */
public final class Lane implements AutoCloseable {
  private final BatchFeed feed;
  private final BatchPredictor predictor;
  private final ModelSpec model;
  private int batches;

  public Lane(BatchFeed feed, BatchPredictor predictor, ModelSpec model) {
    this.feed = feed;
    this.predictor = predictor;
    this.model = model;
  }

  /** Whether there is a frame left, in the list or already taken ahead. */
  public boolean hasNext(Iterator<DueFrame> frames) {
    return feed.hasNext(frames);
  }

  /**
   * Works on the next batch, and returns a result for each of its frames, in their order. The
   * engine always gets a whole batch, so that no new shape compiles: what stands in unused places
   * is predicted and dropped.
   */
  public List<FrameResult> next(Iterator<DueFrame> frames) {
    Batch batch = feed.next(frames);
    try {
      int decoded = batch.decoded();
      long forwardFrom = System.nanoTime();
      Scores scores = decoded > 0 ? predictor.predict(batch.pixels()) : Scores.NONE;
      long forwardTo = System.nanoTime();
      List<FrameResult> results = new ArrayList<>(batch.frames().size());
      for (FramePlace frame : batch.frames()) {
        results.add(result(frame, scores, decoded));
      }
      batches++;
      stamp(batch, forwardFrom, forwardTo, System.nanoTime());
      return results;
    } finally {
      feed.release(batch);
    }
  }

  /** The pixels of the next batch, copied; the batch is dropped. Discards what was read ahead. */
  public PixelBuffer nextInput(Iterator<DueFrame> frames) {
    Batch batch = feed.next(frames);
    PixelBuffer input = new PixelBuffer(batch.pixels().capacity());
    input.bytes().duplicate().put(batch.pixels().duplicate());
    feed.release(batch);
    feed.discardAhead();
    return input;
  }

  private FrameResult result(FramePlace frame, Scores scores, int decoded) {
    boolean good = frame.error() == null;
    return new FrameResult(
        frame.due().frame(),
        frame.due().pass(),
        good ? top(scores, frame.number()) : List.of(),
        frame.error(),
        frame.geometry(),
        batches,
        decoded,
        frame.readThread(),
        frame.decodeThread(),
        frame.moments());
  }

  /** The batch's phases stand on each of its frames; output is what comes after the forward. */
  private static void stamp(Batch batch, long forwardFrom, long forwardTo, long outputTo) {
    for (FramePlace frame : batch.frames()) {
      if (frame.error() == null) {
        frame.moments().forwardFrom = forwardFrom;
        frame.moments().forwardTo = forwardTo;
        frame.moments().outputFrom = forwardTo;
        frame.moments().outputTo = outputTo;
      }
    }
  }

  private List<Prediction> top(Scores scores, int place) {
    List<Prediction> top = new ArrayList<>(scores.k());
    for (int rank = 0; rank < scores.k(); rank++) {
      top.add(
          new Prediction(
              model.label(scores.classOf(place, rank)), scores.probability(place, rank)));
    }
    return top;
  }

  /** How long the lane has waited for its helpers so far, in nanoseconds. */
  public long waitNanos() {
    return feed.waitNanos();
  }

  /** CPU time of the lane's helpers so far, in microseconds. */
  public long helperCpuMicros() {
    return feed.helperCpuMicros();
  }

  /** Forgets frames that were taken ahead. */
  public void discardAhead() {
    feed.discardAhead();
  }

  @Override
  public void close() {
    predictor.close();
    feed.close();
  }
}
