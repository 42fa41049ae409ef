package io.tandem.infer;

import io.tandem.frame.FrameDecoder;
import io.tandem.frame.FrameException;
import io.tandem.frame.FrameFile;
import io.tandem.frame.FrameReader;
import io.tandem.frame.PixelBuffer;
import io.tandem.timing.EpochClock;
import io.tandem.timing.FrameTiming;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One predictor working by itself: reads and decodes frames until a batch is full, predicts it,
 * turns the result into rows. Not for several threads; closes what it was given.
 */
public final class Lane implements AutoCloseable {
  private static final EpochClock CLOCK = EpochClock.ofThisJvm();

  private final FrameReader reader;
  private final FrameDecoder decoder;
  private final BatchPredictor predictor;
  private final ModelSpec model;
  private final int batchSize;
  private final PixelBuffer pixels;
  private int batches;

  /** A frame that is due, in which pass of the list. */
  public record Due(FrameFile frame, int pass) {}

  public Lane(
      FrameReader reader,
      FrameDecoder decoder,
      BatchPredictor predictor,
      ModelSpec model,
      int batchSize) {
    this.reader = reader;
    this.decoder = decoder;
    this.predictor = predictor;
    this.model = model;
    this.batchSize = batchSize;
    this.pixels = new PixelBuffer((long) batchSize * decoder.frameBytes());
  }

  /**
   * Works on the next batch: takes frames until it is full or none are left, and returns a result
   * for each that it took, in their order. The engine always gets a whole batch, so that no new
   * shape compiles: what stands in the unused places of the last one is predicted and dropped.
   */
  public List<FrameResult> next(Iterator<Due> frames) {
    List<Work> taken = new ArrayList<>(batchSize);
    int decoded = 0;
    while (decoded < batchSize && frames.hasNext()) {
      Work work = new Work(frames.next());
      taken.add(work);
      if (decode(work, decoded * decoder.frameBytes())) {
        work.place = decoded++;
      }
    }
    if (decoded > 0) {
      predict(taken);
    }
    List<FrameResult> results = new ArrayList<>(taken.size());
    for (Work work : taken) {
      results.add(work.result(batches, decoded));
    }
    batches++;
    return results;
  }

  private boolean decode(Work work, int at) {
    FrameTiming.Moments moments = work.moments;
    FrameFile frame = work.due.frame();
    try {
      moments.readFrom = System.nanoTime();
      byte[] bytes = reader.read(frame);
      moments.readTo = System.nanoTime();
      moments.decodeFrom = moments.readTo;
      decoder.decode(bytes, (int) frame.length(), pixels.bytes(), at);
      moments.decodeTo = System.nanoTime();
      return true;
    } catch (FrameException e) {
      work.error = String.valueOf(e.getMessage());
      return false;
    }
  }

  private void predict(List<Work> taken) {
    long forwardFrom = System.nanoTime();
    Scores scores = predictor.predict(pixels.bytes());
    long forwardTo = System.nanoTime();
    for (Work work : taken) {
      work.top = work.error == null ? top(scores, work.place) : List.of();
    }
    long outputTo = System.nanoTime();
    for (Work work : taken) {
      if (work.error == null) {
        work.moments.forwardFrom = forwardFrom;
        work.moments.forwardTo = forwardTo;
        work.moments.outputFrom = forwardTo;
        work.moments.outputTo = outputTo;
      }
    }
  }

  private List<Prediction> top(Scores scores, int place) {
    List<Prediction> top = new ArrayList<>(scores.k());
    for (int i = place * scores.k(); i < (place + 1) * scores.k(); i++) {
      top.add(new Prediction(model.label(scores.classes()[i]), scores.probabilities()[i]));
    }
    return top;
  }

  @Override
  public void close() {
    predictor.close();
    decoder.close();
    pixels.close();
  }

  /** A frame on its way through the lane. */
  private static final class Work {
    final Due due;
    final FrameTiming.Moments moments = new FrameTiming.Moments();
    int place;
    List<Prediction> top = List.of();
    @Nullable String error;

    Work(Due due) {
      this.due = due;
    }

    FrameResult result(int batch, int size) {
      return new FrameResult(due.frame(), due.pass(), top, error, batch, size, moments.on(CLOCK));
    }
  }
}
