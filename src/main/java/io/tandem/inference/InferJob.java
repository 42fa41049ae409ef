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
import io.tandem.sink.ChunkResults;
import io.tandem.source.FramePlan;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.summary.InferSummary;
import io.tandem.telemetry.Recording;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * Predicts frames and writes predictions with timings. Lists the frames, loads the model and starts
 * Spark concurrently; writes nothing before all three have succeeded.
 */
public final class InferJob extends InferenceJob {
  private final InferPreparation preparation;
  private volatile boolean lacksVideos;
  private volatile @Nullable InferProgress committed;

  /**
   * Creates a job; nothing runs yet.
   *
   * @param settings the settings; batch size and threads must not be auto
   */
  public InferJob(Settings settings, Progress progress) {
    super(settings, progress);
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

  @Override
  public RunFolder run(Consumer<InferSummary> whenDone) {
    SparkConf conf = conf(settings);
    Configuration hadoop = hadoop(conf);
    RunFolder planned = RunFolder.planned("infer", settings.output(), hadoop);
    Prepared prepared = preparation.run(conf, hadoop, this::opened);
    FramePlan frames = prepared.frames();
    if (settings.output().video().write()) {
      VideoJob.check(prepared.session(), settings.output().video(), prepared.model(), frames);
    }
    prepareResults(prepared);
    preparation.announce(prepared);
    prepared.start().into(planned);
    writes(planned);
    ChunkResults results = results(prepared, planned, false);
    FrameListing.write(prepared.session(), planned, frames);
    committed = new InferProgress(0, frames.size());
    predict(prepared, planned, LostFrames.of(planned, progress), results, frames, whenDone);
    joinVideos(prepared, planned);
    planned.end();
    return planned;
  }

  @Override
  public RunFolder resume(String path, boolean takeOver, Consumer<InferSummary> whenDone) {
    SparkConf conf = conf(settings);
    Configuration hadoop = hadoop(conf);
    RunFolder resumed = RunFolder.resumed(path, takeOver, hadoop);
    writes(resumed);
    RunRecord record = RunRecord.read(resumed);
    Prepared prepared = preparation.run(conf, hadoop, this::opened);
    RunRecord now = prepared.start().record();
    requireSameResults(resumed, record, now);
    prepareResults(prepared);
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
    ChunkResults results = results(prepared, resumed, true);
    if (remaining.size() > 0) {
      preparation.announce(prepared);
      predict(prepared, resumed, lost, results, remaining, whenDone);
    }
    RunPictures.removeThoseWithoutRow(prepared.session(), resumed);
    joinVideos(prepared, resumed);
    resumed.end();
    return resumed;
  }

  private void joinVideos(Prepared prepared, RunFolder run) {
    if (settings.output().video().write()) {
      lacksVideos = !new VideoJob(prepared.session(), run, settings).join(progress);
    }
  }

  @Override
  public boolean lacksVideos() {
    return lacksVideos;
  }

  @Override
  public @Nullable String left() {
    RunFolder written = written();
    InferProgress soFar = committed;
    return written == null || soFar == null || written.isEnded()
        ? null
        : "%s in %s; ./submit.sh infer --resume %s %s"
            .formatted(soFar.phrase(), written.path(), written.path(), soFar.rest());
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
      ChunkResults results,
      FramePlan frames,
      Consumer<InferSummary> whenDone) {
    InferChunks chunks =
        new InferChunks(settings, progress, prepared, run, lost, results, this::isCancelled);
    Session open = prepared.session();
    LostFrames.Watching watching = lost.watch(open, prepared.frames().size());
    try (watching;
        Recording recording = Recording.start(run.path("telemetry"), open.hadoop())) {
      whenDone.accept(
          chunks.predict(frames, more -> committed = Objects.requireNonNull(committed).with(more)));
      recording.awaitLastWord();
    }
  }
}
