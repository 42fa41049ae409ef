package io.tandem.job;

import io.tandem.conf.Settings;
import io.tandem.conf.SettingsText;
import io.tandem.conf.UsageException;
import io.tandem.frame.FrameFile;
import io.tandem.frame.FrameParts;
import io.tandem.infer.ModelFolder;
import io.tandem.infer.ModelSpec;
import io.tandem.report.RunJson;
import io.tandem.report.Words;
import io.tandem.trial.Plan;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.util.SerializableConfiguration;
import scala.reflect.ClassTag$;

/** The same frames through every trial of the plan, round after round. */
public final class BenchmarkJob {
  private final Session session;
  private final Settings settings;
  private final Progress progress;
  private final Broadcast<SerializableConfiguration> hadoop;

  public BenchmarkJob(Session session, Settings settings, Progress progress) {
    this.session = session;
    this.settings = settings;
    this.progress = progress;
    this.hadoop = session.broadcastHadoop();
  }

  /**
   * Opens a session with as many slots as the plan's largest concurrency, where no master is named.
   */
  public static Session open(Settings settings) {
    int lanes = Plan.largestConcurrency(settings.benchmark(), Session.localCores());
    return Session.open("tandem benchmark", lanes, 1);
  }

  public RunFolder run() {
    RunFolder run = RunFolder.planned("benchmark", settings.output(), session.hadoop());
    Map<String, ModelSpec> models = models();
    List<FrameFile> frames = FrameList.list(session.spark(), settings.frames());
    Preflight.Found found = preflight(models);
    Plan plan =
        Plan.of(
            settings.benchmark(),
            found.device().replaceFirst(":.*", ""),
            List.copyOf(models.keySet()),
            session.cores());
    requireRoom(plan, frames);
    announce(plan, frames, found);

    run.create();
    run.write("settings.conf", SettingsText.of(settings));
    run.write("environment.json", RunJson.write(environment(plan, models, found, frames)));
    for (int round = 1; round <= plan.rounds(); round++) {
      runRound(plan, round, models, frames, run);
    }
    run.delete("_staging");
    long all = (long) plan.rounds() * plan.trials().size();
    progress.at(all, all, "trials");
    progress.done();
    return run;
  }

  private Map<String, ModelSpec> models() {
    ModelFolder folder = ModelFolder.open(settings.model(), session.hadoop());
    Map<String, ModelSpec> models = new LinkedHashMap<>();
    for (String precision : settings.benchmark().precisions()) {
      models.put(precision, folder.spec(precision));
    }
    if (models.isEmpty()) {
      ModelSpec only = folder.spec();
      models.put(only.precision(), only);
    }
    return models;
  }

  private Preflight.Found preflight(Map<String, ModelSpec> models) {
    Preflight.Found found = null;
    for (ModelSpec model : models.values()) {
      Settings.Benchmark b = settings.benchmark();
      found =
          Preflight.run(session, lanes(model, 1, b.batchSizes().get(0), b.modelScopes().get(0)));
    }
    return Objects.requireNonNull(found);
  }

  private void requireRoom(Plan plan, List<FrameFile> frames) {
    int lanes = plan.trials().stream().mapToInt(Trial::concurrency).max().orElse(1);
    session.requireSlots(lanes);
    if (frames.size() < lanes) {
      throw new UsageException(
          "%d lanes need at least %d frames, but there are %d; give more frames, or ask for fewer lanes by benchmark.concurrency"
              .formatted(lanes, lanes, frames.size()));
    }
  }

  private void announce(Plan plan, List<FrameFile> frames, Preflight.Found found) {
    Settings.Benchmark b = settings.benchmark();
    int trials = plan.trials().size() * plan.rounds();
    progress.say(
        "%s, %s (%s), %s x %s, each at least %s s: about %.0f s"
            .formatted(
                Words.count(frames.size(), "frame"),
                Words.count(session.cores(), "core"),
                found.cpu(),
                Words.count(plan.trials().size(), "trial"),
                Words.count(plan.rounds(), "round"),
                b.minSeconds(),
                trials * (b.minSeconds() + b.warmupSeconds() + 0.4)));
  }

  private io.tandem.summary.Environment environment(
      Plan plan, Map<String, ModelSpec> models, Preflight.Found found, List<FrameFile> frames) {
    ModelSpec first = models.values().iterator().next();
    List<String> trials = plan.trials().stream().map(Trial::id).toList();
    return Environments.of(session, first, found, frames, trials, plan.rounds());
  }

  /** Every trial once; then the round's rows go from their staging to their places. */
  private void runRound(
      Plan plan, int round, Map<String, ModelSpec> models, List<FrameFile> frames, RunFolder run) {
    List<String> staged = new ArrayList<>();
    int trials = plan.trials().size();
    for (Trial trial : plan.order(round)) {
      progress.at((round - 1L) * trials + staged.size(), (long) plan.rounds() * trials, "trials");
      String path = run.path("_staging/round-%d/trial-%d".formatted(round, staged.size()));
      ModelSpec model = Objects.requireNonNull(models.get(trial.precision()));
      runTrial(trial, round, model, frames, path);
      staged.add(path);
    }
    unstage(staged, run);
    run.delete("_staging/round-" + round);
  }

  private void runTrial(
      Trial trial, int round, ModelSpec model, List<FrameFile> frames, String path) {
    Settings.Benchmark b = settings.benchmark();
    List<List<FrameFile>> parts = FrameParts.balanced(frames, trial.concurrency());
    TrialTask task =
        new TrialTask(
            lanes(model, trial.intraOpThreads(), trial.batchSize(), trial.modelScope()),
            trial.id(),
            round,
            b.minSeconds(),
            b.warmupSeconds(),
            b.warmupBatches());
    JavaRDD<Row> rows =
        session
            .context()
            .parallelize(parts, parts.size())
            .rdd()
            .barrier()
            .mapPartitions(task, false, ClassTag$.MODULE$.<Row>apply(Row.class))
            .toJavaRDD();
    session.spark().createDataFrame(rows, TrialTask.SCHEMA).write().parquet(path);
  }

  private LaneSpec lanes(
      ModelSpec model, int threads, int batchSize, io.tandem.conf.ModelScope scope) {
    return new LaneSpec(
        model,
        settings.benchmark().device(),
        threads,
        batchSize,
        scope,
        settings.output().topK(),
        settings.frames(),
        settings.lane(),
        settings.engine(),
        hadoop);
  }

  private void unstage(List<String> staged, RunFolder run) {
    Dataset<Row> rows =
        session.spark().read().schema(TrialTask.SCHEMA).parquet(staged.toArray(String[]::new));
    append(rows, "lane", run.path("lanes"));
    append(rows, "frame", run.path("predictions"));
  }

  private static void append(Dataset<Row> rows, String kind, String path) {
    Column isThere = rows.col(kind).isNotNull();
    rows.where(isThere).select(kind + ".*").coalesce(1).write().mode(SaveMode.Append).parquet(path);
  }
}
