package io.tandem.inference;

import io.tandem.conf.Device;
import io.tandem.conf.Settings;
import io.tandem.frame.VideoIndexer;
import io.tandem.lane.ExportChoice;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.model.Preference;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.RunStart;
import io.tandem.source.FramePlan;
import io.tandem.source.FrameSource;
import io.tandem.spark.Ahead;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.text.Words;
import java.util.List;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;

/**
 * Prepares an inference: lists the frames, loads the model and starts Spark concurrently, and
 * writes nothing.
 */
final class InferPreparation {
  private final Settings settings;
  private final Progress progress;
  private final Opening opening;

  /** Creates the preparation of the frames that the settings name. */
  InferPreparation(Settings settings, Progress progress) {
    this(
        settings,
        progress,
        hadoop -> FrameSource.open(settings.frames(), hadoop, VideoIndexer.of(settings)));
  }

  /** Creates the preparation of other frames. */
  InferPreparation(Settings settings, Progress progress, Opening opening) {
    this.settings = settings;
    this.progress = progress;
    this.opening = opening;
  }

  /** Opens a source. */
  interface Opening {
    /** Opens it, without listing its frames. */
    FrameSource open(Configuration hadoop);
  }

  /** The state before the first frame. */
  record Prepared(
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
   * Prepares the inference.
   *
   * @param opened receives the session as soon as it is open
   */
  Prepared run(SparkConf conf, Configuration hadoop, Consumer<Session> opened) {
    try (Ahead ahead = new Ahead()) {
      return run(conf, hadoop, opened, ahead);
    }
  }

  private Prepared run(
      SparkConf conf, Configuration hadoop, Consumer<Session> opened, Ahead ahead) {
    boolean local = SparkSettings.isLocal(conf);
    // Checks the input before Spark starts, as far as possible.
    ModelFolder checked = ModelFolder.open(settings.model(), hadoop);
    ModelFolder folder = local ? checked.forThisJvm() : checked;
    FrameSource source = opening.open(hadoop);
    var foundHere = local ? ahead.start(() -> foundHere(folder, hadoop)) : null;
    var listed = ahead.start(source::prepare);
    Session spark = Session.open(conf);
    opened.accept(spark);
    JpegChoice jpeg = JpegChoice.of(spark, settings);
    spark.awaitExecutors();
    Preference export =
        foundHere == null
            ? ExportChoice.of(spark, folder, List.of(settings.infer().device()))
            : foundHere.get().export();
    ModelSpec model = foundHere == null ? folder.spec(export.export()) : foundHere.get().model();
    LaneSpec lanes =
        InferJob.lanes(jpeg.settings(), model, Math.max(1, spark.slots()), spark.broadcastHadoop());
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
        export,
        model,
        Preflight.here(InferJob.lanes(settings, model, lanes, HadoopConf.here(hadoop))));
  }

  /** Says what will be done, and where. */
  void announce(Prepared p) {
    announce(p, p.frames().phrase());
  }

  /**
   * Says what will be done, and where.
   *
   * @param frames a phrase of the frames
   */
  void announce(Prepared p, String frames) {
    ExportChoice.announce(p.export(), progress);
    progress.say(
        "%s, model %s, %s on %s, batch %d, %s"
            .formatted(
                frames,
                p.model().file(),
                Words.count(p.session().slots(), "lane"),
                p.found().kind() == Device.Kind.CPU ? p.found().cpu() : p.found().device().name(),
                p.lanes().batchSize(),
                p.jpeg().decoders(p.frames())));
    if (p.model().labels().isEmpty() && TaskTypes.of(p.model()).hasLabels()) {
      progress.say("The model's folder has no synset.txt: labels will be class numbers.");
    }
  }
}
