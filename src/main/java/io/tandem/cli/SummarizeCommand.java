package io.tandem.cli;

import io.tandem.run.RunFolder;
import io.tandem.run.RunQueries;
import io.tandem.spark.Session;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Rebuilds the tables and files of a run from its recorded columns. */
@Command(
    name = "summarize",
    customSynopsis = "./submit.sh [spark-submit options] summarize RUN_DIR",
    description = "Recreates a run's tables and files from its recorded columns.")
final class SummarizeCommand implements Callable<Integer> {
  @Parameters(paramLabel = "RUN_DIR", description = "the folder that infer or benchmark left")
  private String folder = "";

  @Override
  public Integer call() {
    try (Session session = Session.open("tandem summarize")) {
      RunFolder run = RunFolder.existing(folder, session.hadoop());
      if (RunQueries.of(session, run).isBenchmark()) {
        if (!Summarize.benchmark(session, run)) {
          throw new CallException(
              "%s has no baseline yet; ./submit.sh benchmark --resume %s resumes it"
                  .formatted(run.path(), run.path()));
        }
      } else {
        Summarize.inference(session, run);
      }
    }
    return 0;
  }
}
