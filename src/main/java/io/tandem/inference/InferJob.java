package io.tandem.inference;

import io.tandem.conf.LaneConfig;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import io.tandem.inference.InferPreparation.Prepared;
import io.tandem.lane.ExecutorHosts;
import io.tandem.lane.LaneSpec;
import io.tandem.model.ModelSpec;
import io.tandem.quarantine.LostFrames;
import io.tandem.quarantine.QuarantinePlugin;
import io.tandem.run.Checkpoint;
import io.tandem.run.FrameListing;
import io.tandem.run.RunFolder;
import io.tandem.run.RunFolderException;
import io.tandem.run.RunPictures;
import io.tandem.run.RunRecord;
import io.tandem.run.VideoJob;
import io.tandem.source.FramePlan;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.summary.InferSummary;
import io.tandem.telemetry.LaneMetrics;
import io.tandem.telemetry.Recording;
import io.tandem.telemetry.TelemetryState;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.NativeCodeLoader;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * Predicts frames and writes predictions with timings. Lists the frames, loads the model and starts
 * Spark concurrently; writes nothing before all three have succeeded.
 */
public final class InferJob implements AutoCloseable {
  private static final long LONGEST_BATCH_NANOS = 30_000_000_000L;

  private final Settings settings;
  private final Progress progress;
  private final InferPreparation preparation;
  private volatile boolean cancelled;
  private volatile boolean lacksVideos;
  private volatile @Nullable Session session;
  private volatile @Nullable RunFolder run;
  private volatile @Nullable InferProgress committed;

  /**
   * Creates a job; nothing runs yet.
   *
   * @param settings the settings; batch size and threads must not be auto
   */
  public InferJob(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
    this.preparation = new InferPreparation(settings, progress);
  }

  /**
   * Returns the settings with which to resume a run: its own ones, with the export that it used.
   *
   * @throws RunFolderException if it is no folder of an inference
   */
  public static Settings settingsOf(String path) {
    RunFolder recorded = RunFolder.recorded(path);
    Settings saved = SettingsLoader.saved(recorded.read("settings.conf"));
    RunRecord record = RunRecord.read(recorded);
    if (!record.trials().isEmpty()) {
      throw new RunFolderException(
          null, "%s is a benchmark; ./submit.sh benchmark --resume resumes it".formatted(path));
    }
    Map<String, String> exports = record.environment().model().exports();
    Settings.Model model = saved.model();
    return saved
        .withOutput(saved.output().withPath(path))
        .withModel(
            exports == null || exports.isEmpty()
                ? model
                : model.withExport(exports.keySet().iterator().next()));
  }

  /** Opens a session; without a master in the call, one slot for each core of this machine. */
  static Session open(Settings settings) {
    return Session.open(conf(settings));
  }

  static SparkConf conf(Settings settings) {
    int threads = settings.infer().intraOpThreads().get();
    int slots = settings.infer().slots(Session.localCores());
    SparkConf conf = SparkSettings.of("tandem infer", settings, slots, threads);
    SparkSettings.bounds(conf).check(settings.infer());
    QuarantinePlugin.addTo(conf);
    return ExecutorHosts.addTo(conf);
  }

  /**
   * Runs the job and returns its run folder. The session stays open until the job is closed.
   *
   * @param whenDone receives the summary after the output of the last frame is committed
   */
  public RunFolder run(Consumer<InferSummary> whenDone) {
    SparkConf conf = conf(settings);
    Configuration hadoop = hadoop(conf);
    RunFolder planned = RunFolder.planned("infer", settings.output(), hadoop);
    Prepared prepared = preparation.run(conf, hadoop, opened -> session = opened);
    FramePlan frames = prepared.frames();
    if (settings.output().video().write()) {
      VideoJob.check(prepared.session(), settings.output().video(), prepared.model(), frames);
    }
    preparation.announce(prepared);
    prepared.start().into(planned);
    run = planned;
    FrameListing.write(prepared.session(), planned, frames);
    committed = new InferProgress(0, frames.size());
    predict(prepared, planned, LostFrames.of(planned, progress), frames, whenDone);
    joinVideos(prepared, planned);
    planned.end();
    return planned;
  }

  /**
   * Predicts the frames that a run has not committed. The session stays open until the job is
   * closed.
   *
   * @param path the run folder; the settings must be those that it holds
   * @param takeOver whether a process of another host, of which nothing is known, has ended
   * @param whenDone receives the summary of these frames after the output of the last one is
   *     committed
   * @throws RunFolderException if another process writes the folder, or if results would differ
   */
  public RunFolder resume(String path, boolean takeOver, Consumer<InferSummary> whenDone) {
    SparkConf conf = conf(settings);
    Configuration hadoop = hadoop(conf);
    RunFolder resumed = RunFolder.resumed(path, takeOver, hadoop);
    run = resumed;
    RunRecord record = RunRecord.read(resumed);
    Prepared prepared = preparation.run(conf, hadoop, opened -> session = opened);
    RunRecord now = prepared.start().record();
    String changed = record.environment().resultChangeTo(now.environment());
    if (changed != null) {
      throw new RunFolderException(
          null, "%s cannot be resumed: %s; start a new run".formatted(resumed.path(), changed));
    }
    resumed.reopen();
    Checkpoint checkpoint = Checkpoint.of(prepared.session(), resumed, prepared.frames());
    FramePlan remaining = checkpoint.remaining();
    InferProgress before = new InferProgress(checkpoint.committed(), checkpoint.total());
    committed = before;
    progress.say(
        "%s: %s"
            .formatted(
                resumed.path(), remaining.size() == 0 ? "no frame is missing" : before.phrase()));
    checkpoint.differences().forEach(progress::say);
    checkpoint.dropChanged();
    new VideoJob(prepared.session(), resumed, settings).removeUncommitted();
    new RunRecord(now.environment().withFrames(Math.toIntExact(before.total())), record.trials())
        .write(resumed);
    LostFrames lost = LostFrames.of(resumed, progress);
    lost.addThoseLeft(prepared.session());
    FrameListing.write(prepared.session(), resumed, prepared.frames());
    if (remaining.size() > 0) {
      preparation.announce(prepared);
      predict(prepared, resumed, lost, remaining, whenDone);
    }
    RunPictures.removeThoseWithoutRow(prepared.session(), resumed);
    joinVideos(prepared, resumed);
    resumed.end();
    return resumed;
  }

  private void joinVideos(Prepared prepared, RunFolder of) {
    if (settings.output().video().write()) {
      lacksVideos = !new VideoJob(prepared.session(), of, settings).join(progress);
    }
  }

  /** Returns whether a video was asked for and not written; the user has been told why. */
  public boolean lacksVideos() {
    return lacksVideos;
  }

  /**
   * Returns a sentence on what a job that has failed or was interrupted leaves; null if there is
   * nothing to resume.
   */
  public @Nullable String left() {
    RunFolder written = run;
    InferProgress soFar = committed;
    return written == null || soFar == null || written.isEnded()
        ? null
        : "%s in %s; ./submit.sh infer --resume %s predicts the others"
            .formatted(soFar.phrase(), written.path(), written.path());
  }

  /** Ends the job soon, with an exception: what is committed stays. */
  public void cancel() {
    cancelled = true;
    Session open = session;
    if (open != null) {
      open.spark().sparkContext().cancelAllJobs();
    }
  }

  private static Configuration hadoop(SparkConf conf) {
    if (SparkSettings.isLocal(conf)) {
      // Loads Hadoop's library first, or it waits for libtorch.
      NativeCodeLoader.isNativeCodeLoaded();
    }
    return Session.hadoop(conf);
  }

  /**
   * Returns the session of the job.
   *
   * @throws IllegalStateException if the job has not run yet
   */
  public Session session() {
    if (session == null) {
      throw new IllegalStateException("the job has not run yet");
    }
    return session;
  }

  static LaneSpec lanes(Settings settings, ModelSpec model, int concurrency, HadoopConf hadoop) {
    LaneConfig config = settings.infer().lane(settings.infer().device(), model.export());
    return LaneSpec.of(settings, model, config, concurrency, hadoop);
  }

  /** Predicts and commits frames, while telemetry is recorded. */
  private void predict(
      Prepared prepared,
      RunFolder run,
      LostFrames lost,
      FramePlan frames,
      Consumer<InferSummary> whenDone) {
    InferChunks chunks = new InferChunks(settings, progress, prepared, run, lost, () -> cancelled);
    Session open = prepared.session();
    LostFrames.Watching watching = lost.watch(open, prepared.frames().size());
    try (watching;
        Recording recording = Recording.start(run.path("telemetry"), open.hadoop())) {
      whenDone.accept(
          chunks.predict(frames, more -> committed = Objects.requireNonNull(committed).with(more)));
      recording.awaitLastWord();
    }
  }

  /** Waits for the lanes of this JVM: one in native code would crash the exit. */
  private static void awaitLanes() {
    LaneMetrics metrics = TelemetryState.ofThisJvm().metrics();
    long until = System.nanoTime() + LONGEST_BATCH_NANOS;
    while (metrics.lanes() > 0 && System.nanoTime() < until) {
      LockSupport.parkNanos(10_000_000);
    }
  }

  @Override
  public void close() {
    RunFolder written = run;
    if (written != null && !written.isEnded()) {
      written.release();
    }
    if (cancelled) {
      awaitLanes();
    }
    if (session != null) {
      session.close();
    }
  }
}
