package io.tandem.cli;

import io.tandem.job.RunFolder;
import io.tandem.job.RunQueries;
import io.tandem.job.Session;
import io.tandem.report.ConsoleTable;
import io.tandem.report.InferText;
import io.tandem.report.RecommendedConf;
import io.tandem.report.SummaryCsv;
import io.tandem.report.SummaryJson;
import io.tandem.report.SummaryMarkdown;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Summary;

/** From a run's recorded columns to its summary: on the console, and as files. */
final class Summarize {
  private static final int MOST_FRAMES = 10;

  private Summarize() {}

  /** Returns false, and does nothing, where the baseline has not been measured yet. */
  static boolean benchmark(Session session, RunFolder run) {
    if (!run.exists("lanes") || !new RunQueries(session, run).hasBaseline()) {
      return false;
    }
    Summary summary = new RunQueries(session, run).benchmark();
    SummaryCsv.of(summary).forEach((name, csv) -> run.write("summary/" + name, csv));
    run.write("summary/summary.json", SummaryJson.of(summary));
    run.write("summary/summary.md", SummaryMarkdown.of(summary));
    run.write("recommended.conf", RecommendedConf.of(summary));
    System.out.println();
    System.out.print(ConsoleTable.of(summary));
    System.out.println(
        "Written to %s: predictions/, lanes/, summary/ with CSV, JSON and Markdown, recommended.conf"
            .formatted(run.path()));
    return true;
  }

  /** Returns whether a frame was predicted at all. */
  static boolean inference(Session session, RunFolder run) {
    InferSummary summary = new RunQueries(session, run).inference(MOST_FRAMES);
    System.out.print(InferText.of(summary));
    System.out.println("Written to " + run.path() + ": predictions/");
    if (summary.failed() == summary.frames()) {
      System.err.println("No frame could be predicted.");
      return false;
    }
    return true;
  }
}
