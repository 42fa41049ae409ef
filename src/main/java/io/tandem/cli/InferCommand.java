package io.tandem.cli;

import io.tandem.benchmark.InferSearch;
import io.tandem.conf.Settings;
import io.tandem.inference.InferJob;
import io.tandem.run.RunFolder;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Predicts frames, and writes predictions with timings. */
@Command(
    name = "infer",
    customSynopsis = "./submit.sh [spark-submit options] infer [options]",
    description = "Predicts frames: labels with timings, as Parquet.")
final class InferCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();
  private boolean predicted;

  @Override
  public Integer call() {
    ConsoleProgress progress = new ConsoleProgress();
    Settings settings = InferSearch.resolve(options.settings(), progress);
    try (InferJob job = new InferJob(settings, progress)) {
      RunFolder run = job.run(summary -> predicted = Summarize.print(summary));
      String telemetry = run.exists("telemetry") ? ", telemetry/" : "";
      System.out.println("Written to %s: predictions/%s".formatted(run.path(), telemetry));
      if (settings.output().trace()) {
        Summarize.trace(job.session(), run);
      }
    }
    return predicted ? 0 : Main.FAILED;
  }
}
