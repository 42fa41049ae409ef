package io.tandem.cli;

import io.tandem.conf.Settings;
import io.tandem.job.InferJob;
import io.tandem.job.InferSearch;
import io.tandem.job.RunFolder;
import io.tandem.job.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Frames in, predictions with timings out. */
@Command(
    name = "infer",
    customSynopsis = "./submit.sh [spark-submit options] infer [options]",
    description = "Predicts frames: labels with timings, as Parquet.")
final class InferCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    ConsoleProgress progress = new ConsoleProgress();
    Settings settings = InferSearch.resolve(options.settings(), progress);
    try (Session session = InferJob.open(settings)) {
      RunFolder run = new InferJob(session, settings, progress).run();
      return Summarize.inference(session, run) ? 0 : Main.FAILED;
    }
  }
}
