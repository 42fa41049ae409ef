package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.DeviceChoice;
import io.tandem.conf.InferSettings;
import io.tandem.conf.Settings;
import io.tandem.frame.VideoIndexer;
import io.tandem.lane.ExecutorHosts;
import io.tandem.lane.ExportChoice;
import io.tandem.lane.FrameSize;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelFolder;
import io.tandem.model.ModelSpec;
import io.tandem.model.Preference;
import io.tandem.postprocess.TaskTypes;
import io.tandem.source.FrameSet;
import io.tandem.source.FrameSource;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.spark.SparkSettings;
import io.tandem.summary.Summary;
import io.tandem.summary.TrialSummary;
import io.tandem.text.Words;
import io.tandem.trial.Interval;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Locale;
import java.util.function.IntToDoubleFunction;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/** Estimates the duration of an inference from half a minute of its lanes on the first frames. */
public final class InferEstimate {
  private static final int ROUNDS = 10;

  /** Half a minute; a slow model gets fewer frames, then fewer rounds. */
  private static final double SECONDS = 30;

  private static final int FRAMES = 256;

  private final Session session;
  private final Settings settings;
  private final Progress progress;
  private final JpegChoice jpeg;

  private InferEstimate(Session session, Settings settings, Progress progress) {
    this.session = session;
    this.jpeg = JpegChoice.of(session, settings);
    this.settings = jpeg.settings();
    this.progress = progress;
  }

  /** Returns the estimate as a sentence; leaves nothing behind. */
  public static String of(Settings settings, Progress progress) {
    Settings quick =
        ShortBenchmark.settings(settings, ROUNDS, settings.benchmark().times().minSeconds());
    InferSettings infer = settings.infer();
    SparkConf conf =
        SparkSettings.of(
            "tandem infer: estimate",
            quick,
            infer.slots(Session.localCores()),
            infer.intraOpThreads().get());
    SparkSettings.bounds(conf).check(infer);
    try (Session session = Session.open(ExecutorHosts.addTo(conf))) {
      return new InferEstimate(session, quick, progress).estimate();
    }
  }

  private String estimate() {
    session.requireFixedExecutors();
    session.awaitExecutors();
    ModelFolder folder = ModelFolder.open(settings.model(), session.hadoop());
    Preference export = ExportChoice.of(session, folder, List.of(settings.infer().device()));
    ModelSpec model = folder.spec(export.export());
    FrameSource.Sample sample =
        FrameSource.open(settings.frames(), session.hadoop(), VideoIndexer.of(settings))
            .sample(session, FRAMES, progress);
    ExportChoice.announce(export, progress);
    InferSettings infer = settings.infer();
    LaneSpec one =
        LaneSpec.of(
            settings,
            model,
            infer.lane(infer.device(), model.export()),
            1,
            session.broadcastHadoop());
    Preflight.Found found = Preflight.run(session, one);
    found.warnings().forEach(progress::say);
    int lanes = Math.max(1, Math.min(session.slots(found.kind()), sample.frames().size()));
    Trial trial =
        Trial.of(
            infer.lane(DeviceChoice.of(found.kind()), model.export()),
            lanes,
            Trial.Role.SERIAL_BASELINE);
    double frameSeconds =
        found.forwardSeconds()
            / trial.batchSize()
            * FrameSize.inTestPictures(one, sample.frames().frames());
    Summary summary = measure(model, found, trial, sample.frames(), frameSeconds);
    return sentence(summary.serial().throughput(), sample.of(), lanes) + writing(model);
  }

  private Summary measure(
      ModelSpec model, Preflight.Found found, Trial trial, FrameSet sample, double frameSeconds) {
    BenchmarkSettings benchmark = settings.benchmark();
    Estimate estimate = new Estimate(benchmark, session.cores());
    estimate.add(found.kind(), model.export(), frameSeconds);
    Plan plan = new Plan(List.of(trial), List.of(), benchmark.seed());
    int frames = estimate.frames(plan, sample.size(), ROUNDS, SECONDS);
    BenchmarkSettings affordable =
        affordable(benchmark, rounds -> estimate.seconds(plan, frames, rounds));
    return new ShortBenchmark(
            session, settings.withBenchmark(affordable), jpeg, List.of(model), progress)
        .run("estimate", List.of(found), sample.first(frames), List.of(trial));
  }

  /**
   * Returns the settings with as many rounds as half a minute allows, or one that warms up less.
   */
  private static BenchmarkSettings affordable(
      BenchmarkSettings benchmark, IntToDoubleFunction seconds) {
    if (seconds.applyAsDouble(ROUNDS) <= SECONDS) {
      return benchmark.withRounds(ROUNDS);
    }
    if (seconds.applyAsDouble(Stopping.ROUNDS_FOR_INTERVAL) <= 2 * SECONDS) {
      return benchmark.withRounds(Stopping.ROUNDS_FOR_INTERVAL);
    }
    BenchmarkSettings.Times times = benchmark.times();
    return benchmark
        .withRounds(1)
        .withTimes(
            new BenchmarkSettings.Times(
                times.frames(),
                times.minSeconds(),
                times.warmupSeconds(),
                Math.min(1, times.warmupBatches()),
                times.ceilingSeconds(),
                times.budgetSeconds()));
  }

  private static String sentence(TrialSummary.Throughput throughput, long frames, int lanes) {
    Interval hours = throughput.hoursInterval();
    return "%s take about %s by %s; a million such frames take %s."
        .formatted(
            Words.count(frames, "frame"),
            Words.time(frames / throughput.fps()),
            Words.count(lanes, "lane"),
            hours(throughput.hoursPerMillion(), hours));
  }

  /** Says what the estimate lacks; empty if that is little. */
  private String writing(ModelSpec model) {
    return !TaskTypes.of(model).name().equals("image")
        ? ""
        : " Encoding and writing the %s takes more time."
            .formatted(settings.output().video().write() ? "videos" : "pictures");
  }

  private static String hours(double hours, @Nullable Interval range) {
    return String.format(Locale.ROOT, "%.2f hours", hours)
        + (range == null
            ? ""
            : String.format(Locale.ROOT, " (%.2f to %.2f)", range.low(), range.high()));
  }
}
