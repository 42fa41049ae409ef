package io.tandem.benchmark;

import io.tandem.benchmark.external.ExternalImplementation;
import io.tandem.benchmark.external.ExternalRun;
import io.tandem.benchmark.external.ExternalRuns;
import io.tandem.conf.AutoInt;
import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.Settings;
import io.tandem.lane.ExecutorHosts;
import io.tandem.lane.FrameSize;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelSpec;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.RunFolder;
import io.tandem.run.RunFolderException;
import io.tandem.run.RunRecord;
import io.tandem.run.RunStart;
import io.tandem.source.FrameSet;
import io.tandem.source.FullDisk;
import io.tandem.source.StorageException;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Interruption;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.telemetry.Recording;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;

/** Runs every trial of a plan on the same frames, in rounds. */
public final class BenchmarkJob {
  private final Session session;
  private final Settings settings;
  private final Progress progress;
  private final boolean withAllCores;
  private final List<ExternalImplementation> offered;
  private final JpegChoice jpeg;
  private final HadoopConf hadoop;

  /** Creates a benchmark that includes each {@link ExternalImplementation} of this build. */
  public BenchmarkJob(Session session, Settings settings, Progress progress) {
    this(session, settings, progress, true, ExternalRuns.offered(progress));
  }

  private BenchmarkJob(
      Session session,
      Settings settings,
      Progress progress,
      boolean withAllCores,
      List<ExternalImplementation> offered) {
    JpegChoice jpeg = JpegChoice.of(session, settings);
    this.session = session;
    this.jpeg = jpeg;
    this.settings = jpeg.settings();
    this.progress = progress;
    this.withAllCores = withAllCores;
    this.offered = List.copyOf(offered);
    this.hadoop = session.broadcastHadoop();
  }

  /** Returns a benchmark of the configured trials and the serial baseline only. */
  static BenchmarkJob withoutAllCores(Session session, Settings settings, Progress progress) {
    return new BenchmarkJob(session, settings, progress, false, List.of());
  }

  /**
   * Opens a session; without a configured master it has as many slots as the plan's largest
   * concurrency.
   */
  public static Session open(Settings settings) {
    int lanes = Plan.largestConcurrency(settings.benchmark(), Session.localCores());
    SparkConf conf = SparkSettings.of("tandem benchmark", settings, lanes, 1);
    SparkSettings.bounds(conf).check(settings.benchmark());
    return Session.open(ExecutorHosts.addTo(conf));
  }

  /** A prepared benchmark; nothing has been written yet. */
  private record Prepared(Plan plan, RunStart start, RoundContext rounds) {}

  /** Prints the plan and its estimated duration without running it. */
  public void dryRun() {
    Prepared prepared = prepare(settings.benchmark().times().frames());
    prepared.plan().trials().forEach(trial -> progress.say("  " + trial.id()));
  }

  /** Runs the benchmark and returns its run folder. */
  public RunFolder run(Interruption interruption) {
    RunFolder run = RunFolder.planned("benchmark", settings.output(), session.hadoop());
    Prepared prepared = prepare(settings.benchmark().times().frames());
    prepared.start().into(run);
    measure(prepared, run, interruption);
    return run;
  }

  private void measure(Prepared prepared, RunFolder run, Interruption interruption) {
    Stopping stopping = RunStart.rules(settings.benchmark()).stopping();
    try {
      FullDisk.writing(
          run.path(),
          () ->
              Recording.during(
                  run.path("telemetry"),
                  session.hadoop(),
                  () ->
                      RoundRunner.open(prepared.rounds(), run, interruption)
                          .run(prepared.plan(), stopping)));
    } catch (StorageException e) {
      progress.done();
      progress.say(
          "the rounds so far are in %s; ./submit.sh benchmark --resume %s measures the others"
              .formatted(run.path(), run.path()));
      throw e;
    }
    if (interruption.isAsked()) {
      run.release();
    } else {
      run.end();
    }
  }

  /**
   * Resumes an interrupted benchmark: runs the missing trials.
   *
   * @throws RunFolderException if model, frames, machine or plan have changed
   */
  public void resume(RunFolder run, Interruption interruption) {
    RunRecord before = RunRecord.read(run);
    AutoInt number = settings.benchmark().times().frames();
    // Older runs did not record how many frames they took: all that there were.
    Prepared prepared = prepare(number.isAuto() ? AutoInt.of(Integer.MAX_VALUE) : number);
    String changed = before.changeTo(prepared.start().record());
    if (changed != null) {
      throw new RunFolderException(
          null, "%s cannot be resumed: %s; start a new benchmark".formatted(run.path(), changed));
    }
    run.reopen();
    measure(prepared, run, interruption);
  }

  /**
   * Prepares a benchmark.
   *
   * @param number the number of frames; auto: as many as fit the budget
   */
  private Prepared prepare(AutoInt number) {
    session.requireFixedExecutors();
    session.awaitExecutors();
    MeasuredExports exports = MeasuredExports.of(session, settings);
    FrameSet found = BenchmarkFrames.list(session, settings, progress);
    Estimate estimate = new Estimate(settings.benchmark(), session.cores());
    List<Preflight.Found> checked = preflight(exports, estimate, found);
    Plan all =
        Plan.of(
            settings.benchmark(),
            checked.stream().map(Preflight.Found::kind).distinct().toList(),
            exports.models().stream().map(ModelSpec::export).toList(),
            withAllCores ? session.cores() : 1,
            checked.get(0).cores());
    Plan ours = withinSlots(all);
    ours.trials()
        .forEach(trial -> checked.get(0).requireMemory(lanes(exports.of(trial.export()), trial)));
    PlanNotes notes = new PlanNotes(session, settings.benchmark(), cores(), progress);
    FrameSet frames = withinBudget(ours, found, estimate, number, notes);
    BenchmarkFrames.requireEnough(ours, frames);
    notes.exceptions(all, ours);
    List<ExternalRun> externals =
        new ExternalRuns(session, settings, progress)
            .able(offered, exports.baseline(), checked.get(0), frames.frames());
    Plan plan = ours.with(externals.stream().map(ExternalRun::trial).toList());
    Stopping stopping = RunStart.rules(settings.benchmark()).stopping();
    notes.plan(
        plan,
        stopping,
        frames.phrase(),
        checked.get(0).cpu(),
        estimate.seconds(plan, frames.size(), stopping.rounds()));
    progress.say(jpeg.decoders(frames));
    exports.announce(progress);
    Settings run = withFrames((int) frames.present());
    return new Prepared(
        plan,
        new RunStart(
            session,
            jpeg.with(run),
            List.copyOf(exports.models()),
            frames,
            checked,
            cores(),
            plan.trials()),
        new RoundContext(
            session,
            run,
            progress,
            frames,
            TaskTypes.of(exports.baseline()),
            trial -> lanes(exports.of(trial.export()), trial),
            externals));
  }

  /**
   * Checks each export on each device, with the batch size and model scope of the plan's first
   * trial. Returns a result for each, without exports that do not run on a device.
   */
  private List<Preflight.Found> preflight(
      MeasuredExports exports, Estimate estimate, FrameSet frames) {
    BenchmarkSettings b = settings.benchmark();
    List<Preflight.Found> checked = new ArrayList<>();
    for (DeviceChoice device : b.grid().devices()) {
      for (ModelSpec model : exports.models()) {
        if (!model.export().runsOn(session.kind(device))) {
          continue;
        }
        LaneConfig first =
            new LaneConfig(
                device,
                1,
                b.grid().batchSizes().get(0),
                model.export(),
                b.grid().modelScopes().get(0));
        LaneSpec lane = LaneSpec.of(settings, model, first, 1, hadoop);
        Preflight.Found found = Preflight.run(session, lane);
        found.warnings().forEach(progress::say);
        checked.add(found);
        estimate.add(
            found.kind(),
            model.export(),
            found.forwardSeconds()
                / first.batchSize()
                * FrameSize.inTestPictures(lane, frames.frames()));
      }
    }
    return checked;
  }

  /**
   * Returns the plan without the trials that need more slots than available. Fails if only the
   * baselines fit.
   */
  private Plan withinSlots(Plan all) {
    Plan plan = all.within(trial -> session.slots(trial.device()));
    List<Trial> skipped = new ArrayList<>(all.trials());
    skipped.removeAll(plan.trials());
    if (!skipped.isEmpty() && skipped.size() == all.trials().size() - all.baselines().size()) {
      session.requireSlots(skipped.stream().mapToInt(Trial::concurrency).min().orElseThrow());
    }
    return plan;
  }

  /**
   * Returns the cores that lanes can use; with a synthetic predictor, which only sleeps, the number
   * of slots.
   */
  private int cores() {
    return settings.synthetic().isOn() ? session.slots() : session.cores();
  }

  private FrameSet withinBudget(
      Plan plan, FrameSet found, Estimate estimate, AutoInt number, PlanNotes notes) {
    if (!number.isAuto()) {
      return found.first(number.get());
    }
    BenchmarkSettings.Times times = settings.benchmark().times();
    int rounds = settings.benchmark().rounds();
    int present = (int) found.present();
    int fits = estimate.frames(plan, present, rounds, times.budgetSeconds());
    if (fits == present) {
      return found;
    }
    notes.firstFrames(
        fits, present, estimate.slowestFrame(), estimate.seconds(plan, present, rounds));
    return found.first(fits);
  }

  private Settings withFrames(int frames) {
    BenchmarkSettings b = settings.benchmark();
    return settings.withBenchmark(b.withTimes(b.times().withFrames(frames)));
  }

  private LaneSpec lanes(ModelSpec model, Trial trial) {
    return LaneSpec.of(settings, model, trial.lane(), trial.concurrency(), hadoop);
  }
}
