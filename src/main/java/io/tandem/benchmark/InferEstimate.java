package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.LaneConfig;
import io.tandem.conf.Settings;
import io.tandem.lane.ExecutorDecoders;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.run.RunFolder;
import io.tandem.run.RunQueries;
import io.tandem.run.RunStart;
import io.tandem.source.FrameSource;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Interruption;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Words;
import io.tandem.trial.Interval;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Estimates the duration of an inference from half a minute of its lanes on the first frames. */
public final class InferEstimate {
  private static final int ROUNDS = 10;
  private static final int FRAMES = 256;

  private final Session session;
  private final Settings settings;
  private final Progress progress;
  private final JpegChoice jpeg;
  private final HadoopConf hadoop;

  private InferEstimate(Session session, Settings settings, Progress progress) {
    this.session = session;
    this.jpeg = JpegChoice.of(session, settings);
    this.settings = jpeg.settings();
    this.progress = progress;
    this.hadoop = session.broadcastHadoop();
  }

  /** Returns the estimate as a sentence; leaves nothing behind. */
  public static String of(Settings settings, Progress progress) {
    Settings quick =
        settings
            .withBenchmark(
                settings
                    .benchmark()
                    .withRounds(ROUNDS)
                    .withTimes(
                        new BenchmarkSettings.Times(
                            settings.benchmark().times().minSeconds(),
                            0.2,
                            settings.benchmark().times().warmupBatches(),
                            0,
                            0)))
            .withTelemetry(settings.telemetry().off());
    Settings.Infer infer = settings.infer();
    try (Session session =
        Session.open(
            ExecutorDecoders.addTo(
                SparkSettings.of(
                    "tandem infer: estimate",
                    quick,
                    infer.slots(Session.localCores()),
                    infer.intraOpThreads().get())))) {
      return new InferEstimate(session, quick, progress).estimate();
    }
  }

  private String estimate() {
    session.requireFixedExecutors();
    session.awaitExecutors();
    ModelSpec model = ModelFolder.open(settings.model(), session.hadoop()).spec();
    FrameSource.Sample sample =
        FrameSource.open(settings.frames(), session.hadoop()).sample(session, FRAMES, progress);
    Settings.Infer infer = settings.infer();
    LaneConfig asked =
        new LaneConfig(
            infer.device(),
            infer.intraOpThreads().get(),
            infer.batchSize().get(),
            model.export(),
            infer.modelScope());
    Preflight.Found found = Preflight.run(session, LaneSpec.of(settings, model, asked, 1, hadoop));
    found.warnings().forEach(progress::say);
    LaneConfig lane =
        new LaneConfig(
            DeviceChoice.of(found.kind()),
            asked.intraOpThreads(),
            asked.batchSize(),
            asked.export(),
            asked.modelScope());
    int lanes = Math.max(1, Math.min(session.slots(found.kind()), sample.frames().size()));
    Trial trial = Trial.of(lane, lanes, Trial.Role.SERIAL_BASELINE);
    return sentence(measured(model, found, sample, trial), sample.of(), lanes);
  }

  private TrialSummary measured(
      ModelSpec model, Preflight.Found found, FrameSource.Sample sample, Trial trial) {
    String path = settings.output().path();
    RunFolder run =
        RunFolder.planned(
            "infer-estimate",
            settings.output().withPath(path == null ? null : path + ".estimate").withoutTrace(),
            session.hadoop());
    List<Trial> trials = List.of(trial);
    new RunStart(session, jpeg, model, sample.frames(), List.of(found), session.cores(), trials)
        .into(run);
    RoundContext rounds =
        new RoundContext(
            session,
            settings,
            progress,
            sample.frames(),
            model.taskType(),
            any -> LaneSpec.of(settings, model, trial.lane(), trial.concurrency(), hadoop),
            List.of());
    try (Interruption interruption = Interruption.watch(progress)) {
      Plan plan = new Plan(trials, List.of(), settings.benchmark().seed());
      RoundRunner.open(rounds, run, interruption).run(plan, Stopping.after(ROUNDS));
      return RunQueries.of(session, run).benchmark().serial();
    } finally {
      run.delete("");
    }
  }

  private static String sentence(TrialSummary measured, long frames, int lanes) {
    TrialSummary.Throughput throughput = measured.throughput();
    Interval hours = throughput.hoursInterval();
    return "%s take about %s by %s; a million such frames take %s."
        .formatted(
            Words.count(frames, "frame"),
            Words.time(frames / throughput.fps()),
            Words.count(lanes, "lane"),
            hours(throughput.hoursPerMillion(), hours));
  }

  private static String hours(double hours, @Nullable Interval range) {
    return String.format(Locale.ROOT, "%.2f hours", hours)
        + (range == null
            ? ""
            : String.format(Locale.ROOT, " (%.2f to %.2f)", range.low(), range.high()));
  }
}
