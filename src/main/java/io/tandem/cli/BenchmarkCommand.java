package io.tandem.cli;

import com.typesafe.config.ConfigUtil;
import io.tandem.benchmark.BenchmarkJob;
import io.tandem.benchmark.CalibrationJob;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import io.tandem.report.CalibrationText;
import io.tandem.run.RunFolder;
import io.tandem.spark.Interruption;
import io.tandem.spark.Session;
import io.tandem.summary.Check;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the same frames trial by trial, and prints what parallel predictions gained. */
@Command(
    name = "benchmark",
    customSynopsis = "./submit.sh [spark-submit options] benchmark [options]",
    description = {
      "Measures the same frames serially and in parallel: speedup tables, and what limits them.",
      "Ctrl-C ends it after the current trial, with a summary of the trials so far."
    })
final class BenchmarkCommand implements Callable<Integer> {
  @Mixin private RunOptions options = new RunOptions();

  @Option(
      names = "--dry-run",
      description = "list the trials and the shortest time that they take, and run nothing")
  private boolean dryRun;

  @Option(
      names = "--budget",
      paramLabel = "TIME",
      description =
          "the time of all trials, such as 5m; more of it settles closer calls (default: 2m)")
  private @Nullable String budget;

  @Mixin private ResumeOptions resume = new ResumeOptions();

  @Override
  public Integer call() {
    Settings settings = settings();
    if (dryRun && settings.calibration().enabled()) {
      throw new CallException(
          "--dry-run lists the trials of one benchmark; a calibration has several");
    }
    ConsoleProgress progress = new ConsoleProgress();
    try (Interruption interruption = Interruption.ofTrials(progress);
        Session session = BenchmarkJob.open(settings)) {
      if (settings.calibration().enabled()) {
        return calibrate(new CalibrationJob(session, settings, progress).run(interruption));
      }
      BenchmarkJob job = new BenchmarkJob(session, settings, progress);
      if (dryRun) {
        job.dryRun();
        return 0;
      }
      RunFolder run = run(job, session, interruption);
      boolean summarized = Summarize.benchmark(session, run, settings);
      if (interruption.isAsked()) {
        Console.say(
            "Interrupted%s; ./submit.sh benchmark --resume %s resumes it"
                .formatted(
                    summarized ? "" : " before the first baseline was measured", run.path()));
      }
    }
    return 0;
  }

  private RunFolder run(BenchmarkJob job, Session session, Interruption interruption) {
    if (resume.run == null) {
      return job.run(interruption);
    }
    RunFolder run = RunFolder.resumed(resume.run, resume.takeOver, session.hadoop());
    job.resume(run, interruption);
    return run;
  }

  private Settings settings() {
    if (budget != null) {
      options.set.add("benchmark.budget=" + ConfigUtil.quoteString(budget));
    }
    resume.check(options);
    if (resume.run != null) {
      return SettingsLoader.saved(RunFolder.recorded(resume.run).read("settings.conf"));
    }
    return options.settings();
  }

  private static int calibrate(CalibrationJob.Result result) {
    result.folder().write("calibration.csv", CalibrationText.csv(result.checks()));
    Console.print("\n");
    Console.print(CalibrationText.table(result.checks()));
    Console.println(
        "Written to %s: calibration.csv, and a run folder for each benchmark"
            .formatted(result.folder().path()));
    return result.checks().stream().allMatch(Check::passed) ? 0 : Main.FAILED;
  }
}
