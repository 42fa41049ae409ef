package io.tandem.inference;

import io.tandem.conf.Device;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.Settings;
import io.tandem.lane.ExecutorHosts;
import io.tandem.lane.ExportChoice;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.model.Preference;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.PredictionSink;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.run.RunStart;
import io.tandem.source.FramePlan;
import io.tandem.source.FrameSource;
import io.tandem.source.FrameSplits;
import io.tandem.spark.Ahead;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Progress;
import io.tandem.spark.ProgressTicker;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.summary.InferSummary;
import io.tandem.telemetry.LaneMetrics;
import io.tandem.telemetry.Recording;
import io.tandem.telemetry.TelemetryState;
import io.tandem.text.Words;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.util.NativeCodeLoader;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * Predicts frames and writes predictions with timings. Lists the frames, loads the model and starts
 * Spark concurrently; writes nothing before all three have succeeded.
 */
public final class InferJob implements AutoCloseable {
  /** In a smaller task, its start and its output file would take longer than its frames. */
  private static final int FEWEST_FRAMES_A_TASK = 32;

  private static final int MOST_FRAMES_A_TASK = 1024;

  private final Settings settings;
  private final Progress progress;
  private @Nullable Session session;

  /**
   * Creates a job; nothing runs yet.
   *
   * @param settings the settings; batch size and threads must not be auto
   */
  public InferJob(Settings settings, Progress progress) {
    this.settings = settings;
    this.progress = progress;
  }

  /** Opens a session; without a master in the call, one slot for each core of this machine. */
  static Session open(Settings settings) {
    return Session.open(conf(settings));
  }

  static SparkConf conf(Settings settings) {
    int threads = settings.infer().intraOpThreads().get();
    return ExecutorHosts.addTo(
        SparkSettings.of(
            "tandem infer", settings, settings.infer().slots(Session.localCores()), threads));
  }

  /** The state before the first frame. */
  private record Prepared(
      Session session,
      JpegChoice jpeg,
      Preference export,
      ModelSpec model,
      FramePlan frames,
      Preflight.Found found,
      LaneSpec lanes) {

    RunStart start() {
      return new RunStart(
          session, jpeg, List.of(model), frames, List.of(found), session.cores(), List.of());
    }
  }

  /**
   * Runs the job and returns its run folder. The session stays open until the job is closed.
   *
   * @param whenDone receives the summary after the output of the last frame is committed
   */
  public RunFolder run(Consumer<InferSummary> whenDone) {
    RunFolder run;
    Prepared prepared;
    Configuration hadoop;
    try (Ahead ahead = new Ahead()) {
      SparkConf conf = conf(settings);
      if (SparkSettings.isLocal(conf)) {
        // Loads Hadoop's library first, or it waits for libtorch.
        NativeCodeLoader.isNativeCodeLoaded();
      }
      hadoop = Session.hadoop(conf);
      run = RunFolder.planned("infer", settings.output(), hadoop);
      prepared = prepare(conf, hadoop, ahead);
    }
    announce(prepared);
    prepared.start().into(run);
    try (Recording recording = Recording.start(run.path("telemetry"), hadoop)) {
      whenDone.accept(predict(prepared, run));
      recording.awaitLastWord();
    }
    return run;
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

  private Prepared prepare(SparkConf conf, Configuration hadoop, Ahead ahead) {
    boolean local = SparkSettings.isLocal(conf);
    // Checks the input before Spark starts, as far as possible.
    ModelFolder opened = ModelFolder.open(settings.model(), hadoop);
    ModelFolder folder = local ? opened.forThisJvm() : opened;
    FrameSource source = FrameSource.open(settings.frames(), hadoop);
    var foundHere = local ? ahead.start(() -> foundHere(folder, hadoop)) : null;
    var listed = ahead.start(source::prepare);
    Session spark = Session.open(conf);
    session = spark;
    JpegChoice jpeg = JpegChoice.of(spark, settings);
    spark.awaitExecutors();
    Preference export =
        foundHere == null
            ? ExportChoice.of(spark, folder, List.of(settings.infer().device()))
            : foundHere.get().export();
    ModelSpec model = foundHere == null ? folder.spec(export.export()) : foundHere.get().model();
    LaneSpec lanes =
        lanes(jpeg.settings(), model, Math.max(1, spark.slots()), spark.broadcastHadoop());
    FramePlan frames = listed.get().plan(spark, progress);
    Preflight.Found found =
        foundHere == null ? Preflight.run(spark, lanes) : foundHere.get().found();
    found.warnings().forEach(progress::say);
    return new Prepared(spark, jpeg, export, model, frames, found, lanes);
  }

  /** What the preflight in this JVM used and found. */
  private record Here(Preference export, ModelSpec model, Preflight.Found found) {}

  private Here foundHere(ModelFolder folder, Configuration hadoop) {
    Preference export = ExportChoice.here(folder);
    ModelSpec model = folder.spec(export.export());
    int lanes = settings.infer().slots(Session.localCores());
    return new Here(
        export, model, Preflight.here(lanes(settings, model, lanes, HadoopConf.here(hadoop))));
  }

  static LaneSpec lanes(Settings settings, ModelSpec model, int concurrency, HadoopConf hadoop) {
    LaneConfig config = settings.infer().lane(settings.infer().device(), model.export());
    return LaneSpec.of(settings, model, config, concurrency, hadoop);
  }

  private void announce(Prepared p) {
    ExportChoice.announce(p.export(), progress);
    progress.say(
        "%s, model %s, %s on %s, batch %d, JPEG by %s"
            .formatted(
                p.frames().phrase(),
                p.model().file(),
                Words.count(p.session().slots(), "lane"),
                p.found().kind() == Device.Kind.CPU ? p.found().cpu() : p.found().device().name(),
                p.lanes().batchSize(),
                p.jpeg().decoder()));
    if (p.model().labels().isEmpty() && TaskTypes.of(p.model()).hasLabels()) {
      progress.say("The model's folder has no synset.txt: labels will be class numbers.");
    }
  }

  /** Predicts and commits the frames in chunks. */
  private InferSummary predict(Prepared p, RunFolder run) {
    InferTally tally = new InferTally();
    p.session().spark().sparkContext().register(tally);
    FramePlan frames = p.frames();
    try (ProgressTicker ticker =
        ProgressTicker.start(progress, counter(p.session(), tally), frames.size(), "frames")) {
      LaneSpec lanes = p.lanes().with(RunPictures.all(run, settings.output()));
      FrameInference inference = new FrameInference(lanes, tally, frames.columns());
      PredictionSink sink = PredictionSink.parquet(run);
      int chunkSize = settings.output().commitFrames();
      frames
          .chunks(p.session(), chunkSize, chunk -> splitSizes(chunk, p.session().slots()))
          .forEachRemaining(splits -> sink.append(inference.transform(splits)));
      ticker.finish();
    }
    return tally.value();
  }

  /** Counts completed frames: one at a time in local mode, task by task on a cluster. */
  private static LongSupplier counter(Session session, InferTally tally) {
    if (!session.isLocal()) {
      return tally::frames;
    }
    LaneMetrics metrics = TelemetryState.ofThisJvm().metrics();
    long before = metrics.frames();
    return () -> metrics.frames() - before;
  }

  private int[] splitSizes(int frames, int sessionSlots) {
    int slots = Math.max(1, sessionSlots);
    int batch = settings.infer().batchSize().get();
    int size = settings.infer().framesPerTask().orElse(0);
    if (size > 0) {
      return FrameSplits.even(frames, (size + batch - 1) / batch * batch);
    }
    int fewest = Math.min(FEWEST_FRAMES_A_TASK, (frames + slots - 1) / slots);
    return FrameSplits.factored(frames, slots, batch, fewest, MOST_FRAMES_A_TASK);
  }

  @Override
  public void close() {
    if (session != null) {
      session.close();
    }
  }
}
