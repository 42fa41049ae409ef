package io.tandem.benchmark;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.OutputSettings;
import io.tandem.conf.Settings;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.LaneSpec;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelSpec;
import io.tandem.postprocess.TaskTypes;
import io.tandem.run.RunFolder;
import io.tandem.run.RunQueries;
import io.tandem.run.RunStart;
import io.tandem.source.FrameSet;
import io.tandem.source.FramesException;
import io.tandem.spark.HadoopConf;
import io.tandem.spark.Interruption;
import io.tandem.spark.Progress;
import io.tandem.spark.Session;
import io.tandem.summary.Summary;
import io.tandem.trial.Plan;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.List;

/** A few trials of {@code infer}'s lanes on the first frames; leaves no folder behind. */
record ShortBenchmark(
    Session session,
    Settings settings,
    JpegChoice jpeg,
    List<ModelSpec> models,
    Progress progress) {

  /** Returns settings with which {@link #run} measures. */
  static Settings settings(Settings infer, int rounds, double minSeconds) {
    BenchmarkSettings benchmark = infer.benchmark();
    return infer
        .withBenchmark(
            benchmark
                .withRounds(rounds)
                .withTimes(
                    new BenchmarkSettings.Times(
                        benchmark.times().frames(),
                        minSeconds,
                        0.2,
                        benchmark.times().warmupBatches(),
                        0,
                        0)))
        .withTelemetry(infer.telemetry().off());
  }

  /**
   * Measures trials, the baseline first.
   *
   * @param name names the folder while it exists
   * @throws FramesException if there are no frames
   */
  Summary run(String name, List<Preflight.Found> found, FrameSet frames, List<Trial> trials) {
    if (frames.size() == 0) {
      throw new FramesException("frames.path", "none of the first frames can be read");
    }
    OutputSettings output = settings.output();
    String path = output.path();
    RunFolder run =
        RunFolder.planned(
            "infer-" + name,
            output.withPath(path == null ? null : path + "." + name).withoutTrace(),
            session.hadoop());
    new RunStart(session, jpeg, models, frames, found, session.cores(), trials).into(run);
    HadoopConf hadoop = session.broadcastHadoop();
    RoundContext rounds =
        new RoundContext(
            session,
            settings,
            progress,
            frames,
            TaskTypes.of(models.get(0)),
            trial -> LaneSpec.of(settings, model(trial), trial.lane(), trial.concurrency(), hadoop),
            List.of());
    try (Interruption interruption = Interruption.ofTrials(progress)) {
      Plan plan = new Plan(trials, List.of(), settings.benchmark().seed());
      RoundRunner.open(rounds, run, interruption)
          .run(plan, Stopping.after(settings.benchmark().rounds()));
      return RunQueries.of(session, run).benchmark();
    } finally {
      run.delete("");
    }
  }

  private ModelSpec model(Trial trial) {
    return models.stream()
        .filter(model -> model.export().equals(trial.export()))
        .findFirst()
        .orElseThrow();
  }
}
