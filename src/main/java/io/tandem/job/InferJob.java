package io.tandem.job;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsText;
import io.tandem.frame.FrameFile;
import io.tandem.frame.FrameParts;
import io.tandem.infer.ModelFolder;
import io.tandem.infer.ModelSpec;
import io.tandem.report.RunJson;
import io.tandem.report.Words;
import io.tandem.telemetry.Recording;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.LongAccumulator;

/** Frames in, predictions with timings out. */
public final class InferJob {
  /** Tasks a slot when the user does not say: enough to even out, ... */
  private static final int TASKS_A_SLOT = 8;

  /** ... but none so small that starting it and writing its file costs more than its frames. */
  private static final int FEWEST_FRAMES_A_TASK = 64;

  private static final int MOST_FRAMES_A_TASK = 1024;

  private final Session session;
  private final Settings settings;
  private final Progress progress;

  public InferJob(Session session, Settings settings, Progress progress) {
    this.session = session;
    this.settings = settings;
    this.progress = progress;
  }

  /** Opens a session with as many slots as this machine has cores for, where no master is named. */
  public static Session open(Settings settings) {
    int threads = settings.infer().intraOpThreads();
    return Session.open("tandem infer", settings, Math.max(Session.localCores(), threads), threads);
  }

  public RunFolder run() {
    RunFolder run = RunFolder.planned("infer", settings.output(), session.hadoop());
    session.awaitExecutors();
    ModelSpec model = ModelFolder.open(settings.model(), session.hadoop()).spec();
    FrameSet frames = FrameList.list(session, settings.frames(), progress);
    LaneSpec lanes = lanes(model);
    Preflight.Found found = Preflight.run(session, lanes);
    progress.say(
        "%s, model %s, %s on %s, batch %d"
            .formatted(
                frames.phrase(),
                model.file(),
                Words.count(session.slots(), "lane"),
                found.device().equals("cpu") ? found.cpu() : found.device(),
                lanes.batchSize()));

    if (model.labels().isEmpty()) {
      progress.say("The model's folder has no synset.txt: labels will be class numbers.");
    }
    run.create();
    run.write("settings.conf", SettingsText.of(settings));
    run.write(
        "environment.json",
        RunJson.write(
            Environments.of(
                session,
                settings.engine(),
                model,
                List.of(found),
                session.cores(),
                frames,
                List.of(),
                Map.of(),
                Environments.rules(settings.benchmark()))));
    frames.writeDuplicates(run);
    Recording.during(run.path("telemetry"), session.hadoop(), () -> predict(frames, lanes, run));
    return run;
  }

  /** Chunk by chunk, each committed for itself. */
  private void predict(FrameSet frames, LaneSpec lanes, RunFolder run) {
    LongAccumulator done = session.spark().sparkContext().longAccumulator("frames");
    try (ProgressTicker ticker = ProgressTicker.start(progress, done, frames.size(), "frames")) {
      int size = settings.output().commitFrames();
      for (List<FrameFile> chunk : FrameParts.slices(frames.frames(), size)) {
        predict(parts(frames, chunk), frames.rowSchema(), lanes, done, run);
      }
      ticker.finish();
    }
  }

  private LaneSpec lanes(ModelSpec model) {
    Settings.Infer infer = settings.infer();
    Trial all =
        new Trial(
            "cpu",
            Math.max(1, session.slots()),
            infer.intraOpThreads(),
            infer.batchSize(),
            model.precision(),
            infer.modelScope());
    return LaneSpec.of(settings, infer.device(), model, all, session.broadcastHadoop());
  }

  /** Predicts and commits one chunk. */
  private void predict(
      List<FramePart> parts,
      StructType schema,
      LaneSpec lanes,
      LongAccumulator done,
      RunFolder run) {
    JavaRDD<Row> rows =
        session
            .context()
            .parallelize(parts, parts.size())
            .mapPartitions(new InferTask(lanes, done));
    session
        .spark()
        .createDataFrame(rows, schema)
        .write()
        .mode(SaveMode.Append)
        .parquet(run.path("predictions"));
  }

  private List<FramePart> parts(FrameSet frames, List<FrameFile> chunk) {
    return FrameParts.slices(chunk, framesPerTask(chunk.size())).stream()
        .map(frames::part)
        .toList();
  }

  private int framesPerTask(int frames) {
    if (settings.infer().framesPerTask() > 0) {
      return settings.infer().framesPerTask();
    }
    int batch = settings.infer().batchSize();
    int slots = Math.max(1, session.slots());
    int fewest = Math.min(FEWEST_FRAMES_A_TASK, ceilDiv(frames, slots));
    int even = Math.max(fewest, ceilDiv(frames, slots * TASKS_A_SLOT));
    return ceilDiv(Math.min(even, MOST_FRAMES_A_TASK), batch) * batch;
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }
}
