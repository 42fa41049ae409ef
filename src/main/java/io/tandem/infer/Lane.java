package io.tandem.infer;

import io.tandem.frame.Batch;
import io.tandem.frame.BatchFeed;
import io.tandem.frame.DueFrame;
import io.tandem.frame.FramePlace;
import io.tandem.timing.EpochClock;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * One predictor working by itself: takes batches from its feed, predicts them, turns the results
 * into rows. Not for several threads; closes what it was given.
 */
public final class Lane implements AutoCloseable {
  private static final EpochClock CLOCK = EpochClock.ofThisJvm();

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
      List<List<Prediction>> tops = decoded > 0 ? predict(batch) : List.of();
      List<FrameResult> results = new ArrayList<>(batch.frames().size());
      for (FramePlace frame : batch.frames()) {
        boolean good = frame.error() == null;
        results.add(
            new FrameResult(
                frame.due().frame(),
                frame.due().pass(),
                good ? tops.get(frame.number()) : List.of(),
                frame.error(),
                batches,
                decoded,
                frame.readThread(),
                frame.decodeThread(),
                frame.moments().on(CLOCK)));
      }
      batches++;
      return results;
    } finally {
      feed.release(batch);
    }
  }

  /** The best labels for each place of the batch; says when the batch's phases were. */
  private List<List<Prediction>> predict(Batch batch) {
    long forwardFrom = System.nanoTime();
    Scores scores = predictor.predict(batch.pixels());
    long forwardTo = System.nanoTime();
    List<List<Prediction>> tops = new ArrayList<>();
    for (int place = 0; place < batch.places(); place++) {
      tops.add(top(scores, place));
    }
    long outputTo = System.nanoTime();
    for (FramePlace frame : batch.frames()) {
      if (frame.error() == null) {
        frame.moments().forwardFrom = forwardFrom;
        frame.moments().forwardTo = forwardTo;
        frame.moments().outputFrom = forwardTo;
        frame.moments().outputTo = outputTo;
      }
    }
    return tops;
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
