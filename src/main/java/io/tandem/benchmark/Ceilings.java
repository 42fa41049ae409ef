package io.tandem.benchmark;

import io.tandem.conf.ModelScope;
import io.tandem.engine.Predictor;
import io.tandem.frame.FramesInMemory;
import io.tandem.lane.DecodedBatch;
import io.tandem.lane.Feed;
import io.tandem.lane.Lane;
import io.tandem.lane.LaneDevice;
import io.tandem.lane.LaneSpec;
import io.tandem.source.Frame;
import io.tandem.timing.CeilingTiming;
import io.tandem.timing.EpochClock;
import java.util.List;
import org.apache.spark.BarrierTaskContext;

/**
 * Measures the throughput of each part of a lane's work in isolation, after the lane's trial: the
 * forward pass over prepared input, always with a model shared by the executor; and decoding from
 * memory. All lanes of the trial start each part together.
 */
final class Ceilings {
  private final LaneSpec spec;
  private final BarrierTaskContext task;
  private final double seconds;
  private final int warmupBatches;

  /**
   * Creates the measurement of one lane.
   *
   * @param seconds duration of each part
   */
  Ceilings(LaneSpec spec, BarrierTaskContext task, double seconds, int warmupBatches) {
    this.spec = spec;
    this.task = task;
    this.seconds = seconds;
    this.warmupBatches = warmupBatches;
  }

  /** Measures the forward pass, then decoding. */
  List<CeilingTiming> measure(LaneDevice device, Lane lane, List<Frame> frames) {
    return List.of(forward(device, lane, frames), decode(device, frames));
  }

  private CeilingTiming forward(LaneDevice device, Lane lane, List<Frame> frames) {
    lane.discardAhead();
    try (Lane.OwnedInput input = lane.nextInput(new Passes(frames));
        Predictor predictor = spec.openPredictor(device, ModelScope.EXECUTOR)) {
      for (int i = 0; i < warmupBatches; i++) {
        predictor.predict(input.batch());
      }
      StartLine.await(task, CeilingTiming.FORWARD);
      long from = System.nanoTime();
      long done = 0;
      while (isBefore(from)) {
        predictor.predict(input.batch());
        done += input.batch().frames();
      }
      return timing(CeilingTiming.FORWARD, from, done);
    }
  }

  private CeilingTiming decode(LaneDevice device, List<Frame> frames) {
    FramesInMemory memory = spec.inMemory(frames);
    try (Feed feed = spec.openFeed(device, memory)) {
      Passes passes = new Passes(memory.frames());
      feed.release(feed.next(passes));
      feed.discardAhead();
      StartLine.await(task, CeilingTiming.DECODE);
      long from = System.nanoTime();
      long done = 0;
      while (isBefore(from) && feed.hasNext(passes)) {
        DecodedBatch batch = feed.next(passes);
        done += batch.decoded();
        feed.release(batch);
      }
      return timing(CeilingTiming.DECODE, from, done);
    }
  }

  private boolean isBefore(long from) {
    return System.nanoTime() - from < seconds * 1e9;
  }

  private static CeilingTiming timing(String part, long from, long frames) {
    long to = System.nanoTime();
    EpochClock clock = EpochClock.ofThisJvm();
    return new CeilingTiming(part, clock.micros(from), clock.microsBetween(from, to), frames);
  }
}
