package io.tandem.cli;

import io.tandem.benchmark.BenchmarkSummary;
import io.tandem.conf.Settings;
import io.tandem.report.ChromeTrace;
import io.tandem.report.ConsoleTable;
import io.tandem.report.InferText;
import io.tandem.run.BatchRecord;
import io.tandem.run.RunFolder;
import io.tandem.run.RunQueries;
import io.tandem.run.RunRecord;
import io.tandem.spark.Session;
import io.tandem.summary.InferSummary;
import io.tandem.summary.Timeline;
import io.tandem.text.Words;
import org.jspecify.annotations.Nullable;

/** Computes a run's summary from its recorded columns, and prints and writes it. */
final class Summarize {
  private static final int MOST_FRAMES = 10;

  private Summarize() {}

  /**
   * Summarizes a benchmark that has just run; returns false, and does nothing, if the baseline has
   * not been measured yet.
   */
  static boolean benchmark(Session session, RunFolder run, Settings settings) {
    return write(BenchmarkSummary.of(session, run, settings), run);
  }

  /**
   * Summarizes a recorded benchmark, and does not need its frames; returns false, and does nothing,
   * if the baseline has not been measured yet.
   */
  static boolean benchmark(Session session, RunFolder run) {
    return write(BenchmarkSummary.of(session, run), run);
  }

  private static boolean write(@Nullable BenchmarkSummary summary, RunFolder run) {
    if (summary == null) {
      return false;
    }
    summary.writeTables();
    Console.print("\n");
    Console.print(ConsoleTable.of(summary.summary()));
    summary.writeReport();
    Console.println(
        "Written to %s: report.html to look at, trace.json.gz for ui.perfetto.dev, recommended.conf for infer, and the columns and tables"
            .formatted(run.path()));
    return true;
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
