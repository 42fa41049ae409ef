package io.tandem.cli;

import io.tandem.conf.Settings;
import io.tandem.inference.Rendering;
import io.tandem.report.ChromeTrace;
import io.tandem.report.ConsoleTable;
import io.tandem.report.HtmlReport;
import io.tandem.report.InferText;
import io.tandem.report.RecommendedConf;
import io.tandem.report.SummaryCsv;
import io.tandem.report.SummaryJson;
import io.tandem.report.SummaryMarkdown;
import io.tandem.run.BatchRecord;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.run.RunQueries;
import io.tandem.run.RunRecord;
import io.tandem.spark.Session;
import io.tandem.summary.Details;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Summary;
import io.tandem.summary.Timeline;
import io.tandem.text.Words;
import java.util.List;

/** Computes a run's summary from its recorded columns, and prints and writes it. */
final class Summarize {
  private static final int MOST_FRAMES = 10;

  private Summarize() {}

  /**
   * Summarizes a benchmark that has just run; returns false, and does nothing, if the baseline has
   * not been measured yet.
   */
  static boolean benchmark(Session session, RunFolder run, Settings settings) {
    RunQueries queries = RunQueries.of(session, run);
    if (!isMeasured(queries)) {
      return false;
    }
    Rendering.examples(session, run, settings, queries.results());
    summarize(queries, run);
    return true;
  }

  /**
   * Summarizes a recorded benchmark, and does not need its frames; returns false, and does nothing,
   * if the baseline has not been measured yet.
   */
  static boolean benchmark(Session session, RunFolder run) {
    RunQueries queries = RunQueries.of(session, run);
    if (!isMeasured(queries)) {
      return false;
    }
    summarize(queries, run);
    return true;
  }

  private static boolean isMeasured(RunQueries queries) {
    return queries.isBenchmark() && queries.hasBaseline();
  }

  private static void summarize(RunQueries queries, RunFolder run) {
    Summary summary = queries.benchmark();
    SummaryCsv.of(summary).forEach((name, csv) -> run.write("summary/" + name, csv));
    run.write("summary/summary.json", SummaryJson.of(summary));
    run.write("summary/summary.md", SummaryMarkdown.of(summary));
    run.write("recommended.conf", RecommendedConf.of(summary));
    Console.print("\n");
    Console.print(ConsoleTable.of(summary));
    Details details = queries.details();
    run.write(
        "report.html", HtmlReport.of(summary, details, examples(run), run.read("settings.conf")));
    run.write("trace.json.gz", out -> ChromeTrace.write(details.timeline(), out));
    Console.println(
        "Written to %s: report.html to look at, trace.json.gz for ui.perfetto.dev, recommended.conf for infer, and the columns and tables"
            .formatted(run.path()));
  }

  private static List<HtmlReport.Example> examples(RunFolder run) {
    return run.files(RunPictures.RENDERED).stream()
        .filter(name -> name.endsWith(".jpg"))
        .limit(Rendering.MOST_EXAMPLES)
        .map(name -> new HtmlReport.Example(name, run.readBytes(RunPictures.RENDERED + "/" + name)))
        .toList();
  }

  /** Rebuilds an inference's summary and trace; returns whether any frame was predicted. */
  static boolean inference(Session session, RunFolder run) {
    InferSummary summary = RunQueries.of(session, run).inference(MOST_FRAMES);
    boolean predicted = print(summary);
    if (!run.isEnded() && BatchRecord.areIn(run)) {
      Console.println(
          "Stopped, or still following: %s so far; ./submit.sh infer --resume %s continues"
              .formatted(Words.count(summary.frames(), "frame"), run.path()));
    } else if (!run.isEnded()) {
      Console.println(
          "Interrupted, or still running: %,d of %s; ./submit.sh infer --resume %s predicts the others"
              .formatted(
                  summary.frames(),
                  Words.count(RunRecord.read(run).environment().frames().count(), "frame"),
                  run.path()));
    }
    trace(session, run);
    return predicted;
  }

  static void trace(Session session, RunFolder run) {
    Timeline timeline = RunQueries.of(session, run).timeline();
    run.write("trace.json.gz", out -> ChromeTrace.write(timeline, out));
    Console.println("Written to " + run.path() + ": trace.json.gz, for ui.perfetto.dev");
  }

  /** Prints an inference's summary; returns whether a frame was predicted at all. */
  static boolean print(InferSummary summary) {
    Console.print(InferText.of(summary));
    if (summary.failed() == summary.frames()) {
      Console.say("No frame could be predicted.");
      return false;
    }
    return true;
  }
}
