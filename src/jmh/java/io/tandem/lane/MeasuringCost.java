package io.tandem.lane;

import io.tandem.source.Frame;
import io.tandem.timing.EpochClock;
import io.tandem.timing.FrameTiming;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What measuring costs a frame inside a trial: the clock reads around its phases, and what is kept
 * until the trial is over. To be held against the forward pass of a frame.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class MeasuringCost {
  private static final int BATCH = 4;

  private final Frame frame = Frame.image("file:/in/1.jpg", 100_000, null, 1);
  private final EpochClock clock = EpochClock.ofThisJvm();

  /** Read and decode of every frame; forward and output of the batch, written to every frame. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public List<FrameResult> clockReadsAndBookkeeping() {
    List<FrameTiming.Moments> moments = new ArrayList<>(BATCH);
    for (int i = 0; i < BATCH; i++) {
      FrameTiming.Moments of = new FrameTiming.Moments();
      of.readFrom = System.nanoTime();
      of.readTo = System.nanoTime();
      of.decodeFrom = System.nanoTime();
      of.decodeTo = System.nanoTime();
      moments.add(of);
    }
    long forwardFrom = System.nanoTime();
    long forwardTo = System.nanoTime();
    long outputTo = System.nanoTime();
    List<FrameResult> results = new ArrayList<>(BATCH);
    for (FrameTiming.Moments of : moments) {
      of.forwardFrom = forwardFrom;
      of.forwardTo = forwardTo;
      of.outputFrom = forwardTo;
      of.outputTo = outputTo;
      results.add(new FrameResult(frame, 0, null, null, 1, BATCH, false, 0, 0, of.on(clock)));
    }
    return results;
  }
}
