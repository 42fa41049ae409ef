package io.tandem.benchmark;

import io.tandem.report.ConsoleTable;
import io.tandem.report.RecommendedConf;
import io.tandem.report.SummaryCsv;
import io.tandem.run.RunFolder;
import io.tandem.summary.Summary;
import io.tandem.text.Printable;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a benchmark found.
 *
 * @param folder the path of the run folder, with report.html and all tables
 * @param verdict the answer in sentences
 * @param text the summary as the command prints it: lines, each ended
 * @param tables the text of each file of {@code summary/*.csv} by its name without the extension,
 *     such as "speedup"
 * @param lanes how many lanes the best trial had: tasks at the same time
 * @param recommended the other settings of the best trial by their keys, as {@link
 *     io.tandem.inference.FrameInference} takes them
 */
public record BenchmarkResult(
    String folder,
    String verdict,
    String text,
    Map<String, String> tables,
    int lanes,
    Map<String, String> recommended) {
  public BenchmarkResult {
    tables = Collections.unmodifiableMap(new LinkedHashMap<>(tables));
    recommended = Collections.unmodifiableMap(new LinkedHashMap<>(recommended));
  }

  static BenchmarkResult of(RunFolder run, Summary summary) {
    Map<String, String> tables = new LinkedHashMap<>();
    SummaryCsv.of(summary).forEach((name, csv) -> tables.put(name.replace(".csv", ""), csv));
    Map<String, String> recommended = RecommendedConf.settings(summary);
    recommended.remove("infer.lanes");
    return new BenchmarkResult(
        run.path(),
        Printable.line(summary.verdict().text()),
        Printable.lines(ConsoleTable.of(summary)),
        tables,
        summary.best().trial().concurrency(),
        recommended);
  }
}
