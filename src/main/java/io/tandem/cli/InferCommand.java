package io.tandem.cli;

import io.tandem.benchmark.InferEstimate;
import io.tandem.benchmark.InferSearch;
import io.tandem.conf.InputException;
import io.tandem.conf.Settings;
import io.tandem.inference.FollowedRun;
import io.tandem.inference.InferJob;
import io.tandem.inference.InferenceJob;
import io.tandem.inference.ModelCheck;
import io.tandem.inference.Rendering;
import io.tandem.run.RunFolder;
import io.tandem.spark.Interruption;
import io.tandem.summary.InferSummary;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts frames, and writes predictions with timings. */
@Command(
    name = "infer",
    customSynopsis = "./submit.sh [spark-submit options] infer [options]",
    description = "Predicts frames: results with timings, as Parquet.")
final class InferCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--estimate",
      description =
          "estimate the duration in half a minute, on the first frames, and write nothing")
  private boolean estimate;

  @Option(
      names = "--render",
      paramLabel = "N",
      description = "draw the results of N frames onto them, spread over all, into rendered/")
  private int render;

  @Option(
      names = "--least-certain",
      description = "with --render: the frames whose results are the least certain")
  private boolean leastCertain;

  @Option(
      names = "--check",
      description =
          "load the model, predict test pictures, print what goes in and comes out, and write nothing")
  private boolean check;

  @Option(
      names = "--video-out",
      description =
          "with a model of pictures, such as super-resolution: write each video as a video, to videos/, with its sound")
  private boolean videoOut;

  @Mixin private ResultOptions results = new ResultOptions();

  @Mixin private ResumeOptions resume = new ResumeOptions();

  @Mixin private FollowOptions follow = new FollowOptions();

  private boolean failed;

  @Override
  public Integer call() {
    requireFittingOptions();
    if (check) {
      requireCheckAlone();
      Console.print(ModelCheck.of(options.settings()));
      return 0;
    }
    ConsoleProgress progress = new ConsoleProgress();
    String run = resume.run;
    if (run != null) {
      return job(
          results.of(follow.of(InferJob.settingsOf(run), run), run),
          progress,
          (job, done) -> job.resume(run, resume.takeOver, done));
    }
    Settings called =
        options.settings(Stream.of(follow.pairs(), results.pairs()).flatMap(List::stream).toList());
    if (called.infer().follow().enabled() && !estimate) {
      return followed(called, progress);
    }
    Settings settings = InferSearch.resolve(called, progress);
    if (estimate) {
      Console.println(InferEstimate.of(settings, progress));
      return 0;
    }
    return job(settings, progress, InferenceJob::run);
  }

  private int followed(Settings settings, ConsoleProgress progress) {
    Settings called = FollowedRun.called(settings, progress);
    Settings before = FollowedRun.continued(called);
    String run = called.output().path();
    return before == null || run == null
        ? job(called, progress, InferenceJob::run)
        : job(before, progress, (job, done) -> job.resume(run, false, done));
  }

  /** The way to a run folder. */
  private interface Start {
    RunFolder run(InferenceJob job, Consumer<InferSummary> whenDone);
  }

  private int job(Settings settings, ConsoleProgress progress, Start start) {
    requireEnd(settings);
    InferenceJob job = InferenceJob.of(settings, progress);
    try (Interruption interruption =
            Interruption.watch(
                progress, "stopping; the frames that are committed stay", job::cancel);
        job) {
      try {
        RunFolder run = start.run(job, summary -> failed = !Summarize.print(summary));
        finish(job, run, settings);
      } catch (Exception e) { // Scala does not declare SparkException.
        progress.done();
        String left = job.left();
        if (interruption.isAsked()) {
          Console.say(left == null ? "Interrupted before the first frame" : "Interrupted: " + left);
          return Main.FAILED;
        }
        if (left != null && !(e instanceof InputException)) {
          Console.say(left);
        }
        throw e;
      }
    }
    return failed || job.lacksVideos() ? Main.FAILED : 0;
  }

  private void finish(InferenceJob job, RunFolder run, Settings settings) {
    if (render > 0) {
      Rendering.write(job.session(), run, settings, render, leastCertain);
    }
    String written =
        Stream.of("predictions", "results", "images", "videos", "rendered", "telemetry")
            .filter(run::exists)
            .map(folder -> folder + "/")
            .collect(Collectors.joining(", "));
    String table = settings.output().results().saveAs();
    Console.println(
        "Written to %s: %s%s"
            .formatted(run.path(), written, table == null ? "" : "; table " + table));
    if (settings.output().trace()) {
      Summarize.trace(job.session(), run);
    }
  }

  private void requireEnd(Settings settings) {
    if (render > 0 && settings.infer().follow().enabled() && !settings.infer().follow().once()) {
      throw new CallException(
          "--render draws at the end, and a followed folder has none; omit it, or add --follow-once");
    }
  }

  private void requireCheckAlone() {
    if (estimate || render > 0) {
      throw new CallException(
          "--check reads no frames; omit %s".formatted(estimate ? "--estimate" : "--render"));
    }
  }

  private void requireFittingOptions() {
    if (videoOut) {
      options.set.add("output.video.write=true");
    }
    resume.check(options);
    follow.check(options, resume);
    if (resume.run != null && (estimate || check)) {
      throw new CallException(
          "--resume predicts frames; omit %s".formatted(estimate ? "--estimate" : "--check"));
    }
    if (follow.folder != null && (estimate || check)) {
      throw new CallException(
          "--follow predicts frames; omit %s".formatted(estimate ? "--estimate" : "--check"));
    }
    if (render < 0) {
      throw new CallException("--render is a number of frames of at least 1, not: " + render);
    }
    if (videoOut && render > 0) {
      throw new CallException("--video-out writes all results as videos to look at; omit --render");
    }
    if (leastCertain && render == 0) {
      throw new CallException("--least-certain needs --render, the number of frames to draw");
    }
  }
}
