package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.CalibrationSettings;
import io.tandem.conf.Settings;
import io.tandem.run.RunFolder;
import io.tandem.run.RunQueries;
import io.tandem.spark.Interruption;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.summary.Check;
import io.tandem.summary.Checks;
import io.tandem.summary.Summary;
import io.tandem.trial.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Calibrates the benchmark against known results: benchmarks of a synthetic predictor that sleeps,
 * and of the model's baseline against itself (A/A). Each writes a run folder within the
 * calibration's folder.
 */
public final class CalibrationJob {
  private final Session session;
  private final Settings settings;
  private final Progress progress;

  /** Creates a calibration. */
  public CalibrationJob(Session session, Settings settings, Progress progress) {
    this.session = session;
    this.settings = settings;
    this.progress = progress;
  }

  /**
   * Result of a calibration.
   *
   * @param folder the folder of its benchmarks
   * @param checks the checks, passed or failed
   */
  public record Result(RunFolder folder, List<Check> checks) {}

  /** Runs all benchmarks of the calibration and checks their results. */
  public Result run(Interruption interruption) {
    RunFolder folder = RunFolder.planned("calibration", settings.output(), session.hadoop());
    CalibrationSettings known = settings.calibration();
    List<Check> checks = new ArrayList<>();
    for (double share : known.locked()) {
      String name = "locked-" + share;
      Summary summary =
          synthetic(interruption, folder, name, settings.synthetic().withLocked(share));
      checks.addAll(Checks.locked(name, share, summary));
    }
    for (List<Double> pair : known.scalability()) {
      String name = "scalability-%s-%s".formatted(pair.get(0), pair.get(1));
      Summary summary =
          synthetic(
              interruption,
              folder,
              name,
              settings.synthetic().withScalability(pair.get(0), pair.get(1)));
      checks.addAll(Checks.scalability(name, pair.get(0), pair.get(1), summary));
    }
    List<Interval> intervals = new ArrayList<>();
    for (int i = 1; i <= known.aaRepeats(); i++) {
      intervals.add(aaRepeat(interruption, folder, i));
    }
    if (!intervals.isEmpty()) {
      checks.add(Checks.coverage("aa-repeat", intervals));
    }
    return new Result(folder, checks);
  }

  /**
   * Benchmarks the synthetic predictor. Frames are decoded on a helper thread during the sleep, so
   * that a lane's time is the sleep alone.
   */
  private Summary synthetic(
      Interruption interruption, RunFolder folder, String name, Settings.Synthetic known) {
    BenchmarkSettings measured = settings.benchmark();
    return benchmark(
        interruption,
        folder,
        name,
        settings
            .withSynthetic(known)
            .withBenchmark(
                measured.withGrid(measured.grid().withBatchSizes(List.of(1))).withIntervalWidth(0))
            .withLane(settings.lane().withDecodeThreads(1)));
  }

  private Interval aaRepeat(Interruption interruption, RunFolder folder, int number) {
    BenchmarkSettings measured = settings.benchmark();
    Summary summary =
        benchmark(
            interruption,
            folder,
            "aa-repeat-%02d".formatted(number),
            settings
                .withSynthetic(settings.synthetic().withSleepSeconds(0))
                .withBenchmark(
                    measured
                        .withGrid(measured.grid().withConcurrency(List.of(1)))
                        .withAaRepeat(measured.seed() + number)));
    return Objects.requireNonNull(
        summary.trials().get(summary.trials().size() - 1).speedup().interval(),
        "calibration needs benchmark.rounds of at least 6");
  }

  private Summary benchmark(
      Interruption interruption, RunFolder folder, String name, Settings changed) {
    Settings all =
        changed
            .withOutput(settings.output().withPath(folder.path(name)))
            .withCalibration(settings.calibration().off());
    progress.say("== " + name);
    BenchmarkJob job = BenchmarkJob.withoutAllCores(session, all, progress);
    Summary summary = RunQueries.of(session, job.run(interruption)).benchmark();
    if (interruption.isAsked()) {
      throw new IllegalStateException("interrupted; a calibration cannot be resumed");
    }
    return summary;
  }
}
