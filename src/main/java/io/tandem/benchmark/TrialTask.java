package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.ModelScope;
import io.tandem.lane.BatchMetrics;
import io.tandem.lane.ExecutorState;
import io.tandem.lane.FrameResult;
import io.tandem.lane.Lane;
import io.tandem.lane.LaneContext;
import io.tandem.lane.LaneDevice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.RowIterator;
import io.tandem.postprocess.Recording;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.CeilingRow;
import io.tandem.run.FrameSample;
import io.tandem.run.LaneRow;
import io.tandem.run.PredictionTable;
import io.tandem.run.StagedRow;
import io.tandem.source.Frame;
import io.tandem.source.FrameSplit;
import io.tandem.telemetry.ClockOffset;
import io.tandem.telemetry.HostCpu;
import io.tandem.telemetry.MachineUse;
import io.tandem.telemetry.TelemetryState;
import io.tandem.timing.CeilingTiming;
import io.tandem.timing.EpochClock;
import io.tandem.timing.LaneTiming;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.sql.Row;
import scala.runtime.AbstractFunction1;

/**
 * Task of one lane of a trial: loads the model, warms up on the thread and batch shape that will be
 * timed, waits for the other lanes at the barrier, then predicts its frames in passes until the
 * measured time is over. Creates rows after the clock has stopped.
 */
public final class TrialTask
    extends AbstractFunction1<scala.collection.Iterator<FrameSplit>, scala.collection.Iterator<Row>>
    implements Serializable {
  private static final long serialVersionUID = 1L;

  /** The number of rounds with ceilings; later ones measure the speedup only. */
  static final int CEILING_ROUNDS = 3;

  private final LaneSpec spec;
  private final String trial;
  private final int round;
  private final int minBatches;
  private final double minSeconds;
  private final double warmupSeconds;
  private final int warmupBatches;
  private final double ceilingSeconds;
  private final Recording recording;
  private final FrameSample sample;

  /**
   * @param minBatches the batches of the lane with the most frames, which every lane predicts at
   *     least: lanes that ended early would leave the others a machine that is partly idle
   * @param sample the frames whose results are kept if those of all are too large
   */
  TrialTask(
      LaneSpec spec,
      String trial,
      int round,
      int minBatches,
      FrameSample sample,
      BenchmarkSettings settings) {
    this.spec = spec;
    this.trial = trial;
    this.round = round;
    this.minBatches = minBatches;
    this.minSeconds = settings.times().minSeconds();
    this.warmupSeconds = settings.times().warmupSeconds();
    this.warmupBatches = settings.times().warmupBatches();
    this.recording = TaskTypes.of(spec.model()).recording();
    this.sample = sample;
    this.ceilingSeconds = round <= CEILING_ROUNDS ? settings.times().ceilingSeconds() : 0;
  }

  @Override
  public scala.collection.Iterator<Row> apply(scala.collection.Iterator<FrameSplit> parts) {
    BarrierTaskContext task = BarrierTaskContext.get();
    FrameSplit part = parts.next();
    List<Frame> frames = part.frames();

    long loadFrom = System.nanoTime();
    LaneDevice device = spec.pin();
    TelemetryState.ofThisJvm().metrics().laneOpened();
    try (Lane lane = spec.open(device)) {
      long loadTo = System.nanoTime();
      warmUp(lane, frames);
      lane.discardAhead();
      spec.pinThreads();
      Ready ready = new Ready(loadFrom, loadTo, System.nanoTime());
      MachineUse.now(); // Loads its classes before the clock runs.
      StartLine.await(task, "trial");
      Measured measured = measure(lane, new Passes(frames), ready);
      ExecutorState.ofThisJvm().hasRun(spec.model(), trial);
      List<CeilingTiming> ceilings =
          ceilingSeconds > 0
              ? new Ceilings(
                      spec, task, ceilingSeconds, ceilingWarmups(spec.modelScope(), warmupBatches))
                  .measure(device, lane, frames)
              : List.of();
      LaneContext context =
          LaneContext.ofThisTask(spec.model(), device, task.partitionId(), trial, round);
      return rows(measured, part, ceilings, context);
    } finally {
      TelemetryState.ofThisJvm().metrics().laneClosed();
    }
  }

  /**
   * Times at which a lane began to load, had loaded, and had warmed up, by {@link System#nanoTime}.
   */
  private record Ready(long loadFrom, long loadTo, long warmupTo) {

    LaneTiming.Phases phases(long measuredFrom, long waitedNanos) {
      return new LaneTiming.Phases(
          micros(loadFrom, loadTo),
          micros(loadTo, warmupTo),
          micros(warmupTo, measuredFrom),
          waitedNanos / 1_000);
    }
  }

  /** Results and timing of the measured time. */
  private record Measured(List<FrameResult> results, LaneTiming timing) {}

  /** Measures the lane; only the lane's work is between the two clock reads. */
  private Measured measure(Lane lane, Passes passes, Ready ready) {
    long helperCpu = lane.helperCpuMicros();
    long waited = lane.waitNanos();
    MachineUse before = MachineUse.now();
    long from = System.nanoTime();
    List<FrameResult> results = predict(lane, passes, from);
    long to = System.nanoTime();
    LaneTiming.Machine machine = before.untilNow(lane.helperCpuMicros() - helperCpu);
    LaneTiming timing =
        new LaneTiming(
            EpochClock.ofThisJvm().micros(from),
            micros(from, to),
            results.stream().filter(result -> !result.failed()).count(),
            passes.completed(),
            machine,
            ready.phases(from, lane.waitNanos() - waited));
    return new Measured(results, timing);
  }

  /** Returns the warm-up of the forward ceiling, in batches: its model is the executor's. */
  static int ceilingWarmups(ModelScope ofTrial, int warmupBatches) {
    return ofTrial == ModelScope.EXECUTOR ? 1 : warmupBatches;
  }

  private void warmUp(Lane lane, List<Frame> frames) {
    Passes passes = new Passes(frames);
    // A model that stayed loaded has optimized itself: only the thread is new.
    boolean isWarm =
        spec.modelScope() == ModelScope.EXECUTOR
            && ExecutorState.ofThisJvm().isWarm(spec.model(), trial);
    int least = isWarm ? 1 : warmupBatches;
    long from = System.nanoTime();
    int batches = 0;
    while (lane.hasNext(passes) && (batches < least || seconds(from) < warmupSeconds)) {
      passes.done(lane.next(passes));
      batches++;
    }
  }

  private List<FrameResult> predict(Lane lane, Passes passes, long from) {
    BatchMetrics metrics = new BatchMetrics();
    List<FrameResult> results = new ArrayList<>();
    int batches = 0;
    while (lane.hasNext(passes)
        && (passes.completed() < 1 || batches < minBatches || seconds(from) < minSeconds)) {
      List<FrameResult> batch = lane.next(passes);
      batches++;
      passes.done(batch);
      metrics.done(batch);
      batch.forEach(result -> results.add(isRecorded(result) ? result : result.unrecorded()));
    }
    return results;
  }

  private boolean isRecorded(FrameResult result) {
    return switch (recording) {
      case ALL -> true;
      case FIRST_PASS -> round == 1 && result.pass() == 0;
      case SAMPLE -> round == 1 && result.pass() == 0 && sample.contains(result.frame().index());
    };
  }

  private scala.collection.Iterator<Row> rows(
      Measured measured, FrameSplit part, List<CeilingTiming> ceilings, LaneContext context) {
    ClockOffset clock = TelemetryState.ofThisJvm().clockOffset(context.executor());
    Stream<Row> lane =
        Stream.of(StagedRow.lane(LaneRow.of(context, HostCpu.model(), measured.timing(), clock)));
    Stream<Row> parts =
        ceilings.stream().map(ceiling -> StagedRow.ceiling(CeilingRow.of(context, ceiling)));
    PredictionTable table = PredictionTable.of(spec.model());
    Stream<Row> frames =
        measured.results().stream()
            .map(
                result ->
                    StagedRow.frame(table.row(result, context, part.columnsOf(result.frame()))));
    return RowIterator.of(Stream.concat(Stream.concat(lane, parts), frames).iterator());
  }

  private static double seconds(long from) {
    return (System.nanoTime() - from) / 1e9;
  }

  private static long micros(long from, long to) {
    return EpochClock.ofThisJvm().microsBetween(from, to);
  }
}
