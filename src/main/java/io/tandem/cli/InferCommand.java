package io.tandem.cli;

import io.tandem.benchmark.InferEstimate;
import io.tandem.benchmark.InferSearch;
import io.tandem.conf.Settings;
import io.tandem.inference.InferJob;
import io.tandem.inference.ModelCheck;
import io.tandem.inference.Rendering;
import io.tandem.run.RunFolder;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Predicts frames, and writes predictions with timings. */
@Command(
    name = "infer",
    customSynopsis = "./submit.sh [spark-submit options] infer [options]",
    description = "Predicts frames: labels with timings, as Parquet.")
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

  private boolean predicted;

  @Override
  public Integer call() {
    requireRender();
    if (check) {
      requireCheckAlone();
      System.out.print(ModelCheck.of(options.settings()));
      return 0;
    }
    ConsoleProgress progress = new ConsoleProgress();
    Settings settings = InferSearch.resolve(options.settings(), progress);
    if (estimate) {
      System.out.println(InferEstimate.of(settings, progress));
      return 0;
    }
    try (InferJob job = new InferJob(settings, progress)) {
      RunFolder run = job.run(summary -> predicted = Summarize.print(summary));
      if (render > 0) {
        Rendering.write(job.session(), run, settings, render, leastCertain);
      }
      String written =
          Stream.of("predictions", "images", "rendered", "telemetry")
              .filter(run::exists)
              .map(folder -> folder + "/")
              .collect(Collectors.joining(", "));
      System.out.println("Written to %s: %s".formatted(run.path(), written));
      if (settings.output().trace()) {
        Summarize.trace(job.session(), run);
      }
    }
    return predicted ? 0 : Main.FAILED;
  }

  private void requireCheckAlone() {
    if (estimate || render > 0) {
      throw new CallException(
          "--check reads no frames; omit %s".formatted(estimate ? "--estimate" : "--render"));
    }
  }

  private void requireRender() {
    if (render < 0) {
      throw new CallException("--render is a number of frames of at least 1, not: " + render);
    }
    if (leastCertain && render == 0) {
      throw new CallException("--least-certain needs --render, the number of frames to draw");
    }
  }
}
