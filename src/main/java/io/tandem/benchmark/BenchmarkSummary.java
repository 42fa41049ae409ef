package io.tandem.benchmark;

import io.tandem.conf.Settings;
import io.tandem.inference.Rendering;
import io.tandem.report.ChromeTrace;
import io.tandem.report.HtmlReport;
import io.tandem.report.RecommendedConf;
import io.tandem.report.SummaryCsv;
import io.tandem.report.SummaryJson;
import io.tandem.report.SummaryMarkdown;
import io.tandem.run.RunFolder;
import io.tandem.run.RunPictures;
import io.tandem.run.RunQueries;
import io.tandem.spark.Session;
import io.tandem.summary.Details;
import io.tandem.summary.Summary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The summary of a recorded benchmark, and the files of it in its run folder. */
public final class BenchmarkSummary {
  private final RunQueries queries;
  private final RunFolder run;
  private final Summary summary;

  private BenchmarkSummary(RunQueries queries, RunFolder run) {
    this.queries = queries;
    this.run = run;
    this.summary = queries.benchmark();
  }

  /**
   * Summarizes a recorded benchmark, and does not need its frames; returns null if the baseline has
   * not been measured yet.
   */
  public static @Nullable BenchmarkSummary of(Session session, RunFolder run) {
    RunQueries queries = RunQueries.of(session, run);
    return isMeasured(queries) ? new BenchmarkSummary(queries, run) : null;
  }

  /** Does the same for a benchmark that has just run, and draws some of its frames. */
  public static @Nullable BenchmarkSummary of(Session session, RunFolder run, Settings settings) {
    RunQueries queries = RunQueries.of(session, run);
    if (!isMeasured(queries)) {
      return null;
    }
    Rendering.examples(session, run, settings, queries.results());
    return new BenchmarkSummary(queries, run);
  }

  private static boolean isMeasured(RunQueries queries) {
    return queries.isBenchmark() && queries.hasBaseline();
  }

  /** Returns the summary. */
  public Summary summary() {
    return summary;
  }

  /** Writes {@code summary/} and {@code recommended.conf}. */
  public void writeTables() {
    SummaryCsv.of(summary).forEach((name, csv) -> run.write("summary/" + name, csv));
    run.write("summary/summary.json", SummaryJson.of(summary));
    run.write("summary/summary.md", SummaryMarkdown.of(summary));
    run.write("recommended.conf", RecommendedConf.of(summary));
  }

  /** Writes {@code report.html} and {@code trace.json.gz}. */
  public void writeReport() {
    Details details = queries.details();
    run.write(
        "report.html", HtmlReport.of(summary, details, examples(), run.read("settings.conf")));
    run.write("trace.json.gz", out -> ChromeTrace.write(details.timeline(), out));
  }

  private List<HtmlReport.Example> examples() {
    return run.files(RunPictures.RENDERED).stream()
        .filter(name -> name.endsWith(".jpg"))
        .limit(Rendering.MOST_EXAMPLES)
        .map(name -> new HtmlReport.Example(name, run.readBytes(RunPictures.RENDERED + "/" + name)))
        .toList();
  }
}
