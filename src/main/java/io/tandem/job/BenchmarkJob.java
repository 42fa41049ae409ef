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
import io.tandem.summary.Environment;
import io.tandem.summary.Rules;
import io.tandem.summary.Stopping;
import io.tandem.summary.TrialSummary;
import io.tandem.trial.Plan;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
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
  /** What a trial takes beside its measuring, observed: scheduling and writing. */
  private static final double SECONDS_AROUND = 0.4;

  private final Session session;
  private final Settings settings;
  private final Progress progress;
  private final int coresOfBaseline;
  private final Broadcast<SerializableConfiguration> hadoop;

  public BenchmarkJob(Session session, Settings settings, Progress progress) {
    this(session, settings, progress, session.cores());
  }

  private BenchmarkJob(Session session, Settings settings, Progress progress, int coresOfBaseline) {
    this.session = session;
    this.settings = settings;
    this.progress = progress;
    this.coresOfBaseline = coresOfBaseline;
    this.hadoop = session.broadcastHadoop();
  }

  /** A benchmark of the settings' own trials and the serial baseline, but no other baseline. */
  static BenchmarkJob withoutAllCores(Session session, Settings settings, Progress progress) {
    return new BenchmarkJob(session, settings, progress, 1);
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
    Plan plan = plan(found, List.copyOf(models.keySet()));
    requireFrames(plan, frames);
    Rules rules = Environments.rules(settings.benchmark());
    announce(plan, rules.stopping(), frames, found);

    run.create();
    run.write("settings.conf", SettingsText.of(settings));
    run.write("environment.json", RunJson.write(environment(plan, rules, models, found, frames)));
    runRounds(plan, rules.stopping(), models, frames, run);
    run.delete("_staging");
    progress.done();
    return run;
  }

  private Map<String, ModelSpec> models() {
    if (settings.synthetic().isOn()) {
      ModelSpec synthetic = ModelSpec.synthetic();
      return Map.of(synthetic.precision(), synthetic);
    }
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

  /** Each export with the batch size and model scope that the plan's first trial will have. */
  private Preflight.Found preflight(Map<String, ModelSpec> models) {
    Settings.Benchmark b = settings.benchmark();
    Preflight.Found found = null;
    for (ModelSpec model : models.values()) {
      Trial first =
          new Trial("cpu", 1, 1, b.batchSizes().get(0), model.precision(), b.modelScopes().get(0));
      found = Preflight.run(session, lanes(model, first));
    }
    return Objects.requireNonNull(found);
  }

  /** The trials for which there is room; what is left out, and why, is said. */
  private Plan plan(Preflight.Found found, List<String> precisions) {
    Plan all =
        Plan.of(
            settings.benchmark(),
            found.device().replaceFirst(":.*", ""),
            precisions,
            coresOfBaseline);
    int slots = session.slots();
    Plan plan = all.within(slots);
    List<Trial> skipped = new ArrayList<>(all.trials());
    skipped.removeAll(plan.trials());
    if (!skipped.isEmpty() && skipped.size() == all.trials().size() - all.baselines().size()) {
      session.requireSlots(skipped.stream().mapToInt(Trial::concurrency).min().orElseThrow());
    }
    for (Trial trial : skipped) {
      progress.say(
          "skipped %s: needs %s, has %d"
              .formatted(trial.id(), Words.count(trial.concurrency(), "slot"), slots));
    }
    List<String> crowded = plan.oversubscribed(cores()).stream().map(Trial::id).toList();
    if (!crowded.isEmpty()) {
      progress.say(
          "more threads than the %s: %s"
              .formatted(Words.count(cores(), "core"), String.join(", ", crowded)));
    }
    return plan;
  }

  /** A predictor that sleeps needs no core: as many lanes as there are slots do not crowd them. */
  private int cores() {
    return settings.synthetic().isOn() ? session.slots() : session.cores();
  }

  private static void requireFrames(Plan plan, List<FrameFile> frames) {
    int lanes = plan.trials().stream().mapToInt(Trial::concurrency).max().orElse(1);
    if (frames.size() < lanes) {
      throw new UsageException(
          "%d lanes need at least %d frames, but there are %d; give more frames, or ask for fewer lanes by benchmark.concurrency"
              .formatted(lanes, lanes, frames.size()));
    }
  }

  private void announce(
      Plan plan, Stopping stopping, List<FrameFile> frames, Preflight.Found found) {
    Settings.Benchmark b = settings.benchmark();
    int trials = plan.trials().size();
    double seconds =
        trials * (b.minSeconds() + b.warmupSeconds() + 2 * b.ceilingSeconds() + SECONDS_AROUND);
    int rounds = stopping.rounds();
    String more =
        stopping.mostRounds() > rounds
            ? ", up to %d rounds and %.0f s where intervals stay wide"
                .formatted(stopping.mostRounds(), seconds * stopping.mostRounds())
            : "";
    progress.say(
        "%s, %s (%s), %s x %s, each at least %s s: about %.0f s%s"
            .formatted(
                Words.count(frames.size(), "frame"),
                Words.count(session.cores(), "core"),
                found.cpu(),
                Words.count(trials, "trial"),
                Words.count(rounds, "round"),
                b.minSeconds(),
                seconds * rounds,
                more));
  }

  private Environment environment(
      Plan plan,
      Rules rules,
      Map<String, ModelSpec> models,
      Preflight.Found found,
      List<FrameFile> frames) {
    ModelSpec first = models.values().iterator().next();
    List<String> trials = plan.trials().stream().map(Trial::id).toList();
    return Environments.of(session, first, found, cores(), frames, trials, rules);
  }

  /** Round after round; after a look, only what is uncertain yet goes on, and the baselines. */
  private void runRounds(
      Plan plan,
      Stopping stopping,
      Map<String, ModelSpec> models,
      List<FrameFile> frames,
      RunFolder run) {
    Plan left = plan;
    long done = 0;
    for (int round = 1; round <= stopping.mostRounds(); round++) {
      runRound(left, round, models, frames, run, done, total(left, round, stopping, done));
      done += left.trials().size();
      if (stopping.looksAfter(round)) {
        Set<Trial> uncertain = uncertain(run);
        if (uncertain.isEmpty() || round == stopping.mostRounds()) {
          break;
        }
        progress.say(
            "after %d rounds: %s wider than %.0f %%, on with them"
                .formatted(
                    round,
                    uncertain.size() == 1 ? "1 interval is" : uncertain.size() + " intervals are",
                    stopping.intervalWidth() * 100));
        left = left.only(uncertain);
      }
    }
    progress.at(done, done, "trials");
  }

  /** As far as is known: those that were run, and those to run before the next look. */
  private static long total(Plan left, int round, Stopping stopping, long done) {
    int until = round;
    while (until < stopping.mostRounds()
        && (until < stopping.rounds() || !stopping.looksAfter(until))) {
      until++;
    }
    return done + (until - round + 1L) * left.trials().size();
  }

  private Set<Trial> uncertain(RunFolder run) {
    return new RunQueries(session, run)
        .benchmark().uncertain().stream().map(TrialSummary::trial).collect(Collectors.toSet());
  }

  /** Every trial once; then the round's rows go from their staging to their places. */
  private void runRound(
      Plan plan,
      int round,
      Map<String, ModelSpec> models,
      List<FrameFile> frames,
      RunFolder run,
      long done,
      long total) {
    List<String> staged = new ArrayList<>();
    for (Trial trial : plan.order(round)) {
      progress.at(done + staged.size(), total, "trials");
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
    List<List<FrameFile>> parts = FrameParts.balanced(frames, trial.concurrency());
    TrialTask task = new TrialTask(lanes(model, trial), trial.id(), round, settings.benchmark());
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

  private LaneSpec lanes(ModelSpec model, Trial trial) {
    return new LaneSpec(
        model,
        settings.benchmark().device(),
        trial.intraOpThreads(),
        trial.batchSize(),
        trial.concurrency(),
        trial.modelScope(),
        settings.output().topK(),
        settings.frames(),
        settings.lane(),
        settings.engine(),
        settings.synthetic(),
        hadoop);
  }

  private void unstage(List<String> staged, RunFolder run) {
    Dataset<Row> rows =
        session.spark().read().schema(TrialTask.SCHEMA).parquet(staged.toArray(String[]::new));
    append(rows, "lane", run.path("lanes"));
    append(rows, "frame", run.path("predictions"));
    if (settings.benchmark().ceilingSeconds() > 0) {
      append(rows, "ceiling", run.path("ceilings"));
    }
  }

  private static void append(Dataset<Row> rows, String kind, String path) {
    Column isThere = rows.col(kind).isNotNull();
    rows.where(isThere).select(kind + ".*").coalesce(1).write().mode(SaveMode.Append).parquet(path);
  }
}
