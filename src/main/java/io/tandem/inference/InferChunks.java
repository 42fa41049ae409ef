package io.tandem.inference;

import io.tandem.conf.Settings;
import io.tandem.lane.LaneSpec;
import io.tandem.quarantine.LostFrames;
import io.tandem.run.PredictionSink;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.sink.ChunkResults;
import io.tandem.source.FramePlan;
import io.tandem.source.FrameSplits;
import io.tandem.spark.Progress;
import io.tandem.spark.ProgressTicker;
import io.tandem.spark.Session;
import io.tandem.summary.InferSummary;
import io.tandem.telemetry.LaneMetrics;
import io.tandem.telemetry.TelemetryState;
import java.util.Iterator;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** Predicts the frames of a run in chunks, each of which is committed as a whole. */
final class InferChunks {
  /** In a smaller task, its start and its output file would take longer than its frames. */
  private static final int FEWEST_FRAMES_A_TASK = 32;

  private static final int MOST_FRAMES_A_TASK = 1024;

  private final Settings settings;
  private final Progress progress;
  private final InferPreparation.Prepared prepared;
  private final RunFolder run;
  private final LostFrames lost;
  private final ChunkResults results;
  private final BooleanSupplier cancelled;

  /**
   * Creates the chunks of a run; nothing is predicted yet.
   *
   * @param lost the frames on which processes ended
   * @param results gets the rows of each chunk that is committed
   * @param cancelled whether no further chunk is to be started
   */
  InferChunks(
      Settings settings,
      Progress progress,
      InferPreparation.Prepared prepared,
      RunFolder run,
      LostFrames lost,
      ChunkResults results,
      BooleanSupplier cancelled) {
    this.lost = lost;
    this.cancelled = cancelled;
    this.settings = settings;
    this.progress = progress;
    this.prepared = prepared;
    this.run = run;
    this.results = results;
  }

  /**
   * Predicts and commits frames; returns their summary.
   *
   * @param committed receives the number of frames of each chunk that is committed
   * @throws CancellationException if it was cancelled
   */
  InferSummary predict(FramePlan frames, IntConsumer committed) {
    InferTally tally = InferTally.registered(prepared.session());
    predict(frames, tally, committed);
    return tally.value();
  }

  /**
   * Predicts and commits frames.
   *
   * @param tally is registered, and may hold the reports of other frames
   * @param committed receives the number of frames of each chunk that is committed
   * @throws CancellationException if it was cancelled
   */
  void predict(FramePlan frames, InferTally tally, IntConsumer committed) {
    Session session = prepared.session();
    try (ProgressTicker ticker =
        ProgressTicker.start(progress, counter(session, tally), frames.size(), "frames")) {
      LaneSpec lanes = prepared.lanes().with(RunPictures.orVideos(run, settings.output()));
      SplitInference inference = new SplitInference(lanes, tally, frames.columns());
      PredictionSink sink = PredictionSink.parquet(run);
      int chunkSize = settings.output().commitFrames();
      Iterator<FramePlan.Chunk> chunks =
          frames.chunks(session, chunkSize, chunk -> splitSizes(settings, chunk, session.slots()));
      while (chunks.hasNext()) {
        if (cancelled.getAsBoolean()) {
          throw new CancellationException("the job was cancelled");
        }
        FramePlan.Chunk chunk = chunks.next();
        sink.append(inference.transform(chunk.splits(), lost.guard()));
        committed.accept(chunk.frames());
        results.commit();
      }
      ticker.finish();
    }
  }

  /** Counts completed frames: one at a time in local mode, task by task on a cluster. */
  private static LongSupplier counter(Session session, InferTally tally) {
    if (!session.isLocal()) {
      long others = tally.frames();
      return () -> tally.frames() - others;
    }
    LaneMetrics metrics = TelemetryState.ofThisJvm().metrics();
    long before = metrics.frames();
    return () -> metrics.frames() - before;
  }

  /** Returns the sizes of the tasks of so many frames. */
  static int[] splitSizes(Settings settings, int frames, int sessionSlots) {
    int slots = Math.max(1, sessionSlots);
    int batch = settings.infer().batchSize().get();
    int size = Math.min(frames, settings.infer().framesPerTask().orElse(0));
    if (size > 0) {
      long batches = ((long) size + batch - 1) / batch;
      return FrameSplits.even(frames, (int) Math.min(frames, batches * batch));
    }
    int fewest = Math.min(FEWEST_FRAMES_A_TASK, (frames + slots - 1) / slots);
    return FrameSplits.factored(frames, slots, batch, fewest, MOST_FRAMES_A_TASK);
  }
}
