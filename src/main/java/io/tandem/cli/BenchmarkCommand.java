package io.tandem.cli;

import io.tandem.conf.Settings;
import io.tandem.job.BenchmarkJob;
import io.tandem.job.CalibrationJob;
import io.tandem.job.RunFolder;
import io.tandem.job.Session;
import io.tandem.report.CalibrationText;
import io.tandem.summary.Check;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The same frames, trial by trial, and the table of what parallel predictions bought. */
@Command(
    name = "benchmark",
    customSynopsis = "./submit.sh [spark-submit options] benchmark [options]",
    description = "Measures the same frames one by one and in parallel: speedup tables.")
final class BenchmarkCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Override
  public Integer call() {
    Settings settings = options.settings();
    try (Session session = BenchmarkJob.open(settings)) {
      if (settings.calibration().enabled()) {
        return calibrate(session, settings);
      }
      RunFolder run = new BenchmarkJob(session, settings, new ConsoleProgress()).run();
      Summarize.benchmark(session, run);
    }
    return 0;
  }

  private static int calibrate(Session session, Settings settings) {
    CalibrationJob.Result result =
        new CalibrationJob(session, settings, new ConsoleProgress()).run();
    result.folder().write("calibration.csv", CalibrationText.csv(result.checks()));
    System.out.println();
    System.out.print(CalibrationText.table(result.checks()));
    System.out.println(
        "Written to %s: calibration.csv, and a run folder for each benchmark"
            .formatted(result.folder().path()));
    return result.checks().stream().allMatch(Check::passed) ? 0 : Main.FAILED;
  }
}
