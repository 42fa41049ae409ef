package io.tandem.cli;

import io.tandem.conf.SettingsText;
import io.tandem.report.ComparisonText;
import io.tandem.run.RunFolder;
import io.tandem.run.RunQueries;
import io.tandem.spark.Session;
import io.tandem.summary.Comparison;
import io.tandem.summary.Summary;
import io.tandem.text.Words;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares two benchmarks. */
@Command(
    name = "compare",
    customSynopsis = "./submit.sh [spark-submit options] compare [options] RUN_DIR RUN_DIR",
    description = "Two benchmarks of the same frames and model side by side, with intervals.")
final class CompareCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "FIRST",
      description = "the run folder to compare with, such as that of the main branch")
  private String first = "";

  @Parameters(index = "1", paramLabel = "SECOND", description = "the run folder to compare")
  private String second = "";

  @Option(
      names = "--fail-below",
      paramLabel = "RATIO",
      description =
          "exit with 1 if the interval of a trial's frames/s, over those of the first run, is below this ratio, such as 0.95")
  private @Nullable Double failBelow;

  @Option(names = "--different", description = "compare although frames or models are not the same")
  private boolean different;

  @Option(names = "--json", paramLabel = "FILE", description = "write the comparison as JSON")
  private @Nullable Path json;

  @Option(names = "--markdown", paramLabel = "FILE", description = "write it as Markdown")
  private @Nullable Path markdown;

  @Override
  public Integer call() {
    try (Session session = Session.open("tandem compare")) {
      RunFolder firstRun = RunFolder.existing(first, session.hadoop());
      RunFolder secondRun = RunFolder.existing(second, session.hadoop());
      Summary before = summary(session, firstRun);
      Summary after = summary(session, secondRun);
      String difference = Comparison.difference(before.environment(), after.environment());
      if (difference != null && !different) {
        throw new CallException(difference + "; --different compares them anyway");
      }
      sayUnfinished(firstRun, before);
      sayUnfinished(secondRun, after);
      Comparison comparison = Comparison.of(before, after);
      if (comparison.rows().isEmpty()) {
        throw new CallException("the two runs have no trial in common");
      }
      ComparisonText text =
          new ComparisonText(
              comparison,
              SettingsText.differences(
                  firstRun.read("settings.conf"), secondRun.read("settings.conf")));
      Console.print(text.console());
      write(json, text.json());
      write(markdown, text.markdown());
      return gate(comparison);
    }
  }

  private static void sayUnfinished(RunFolder run, Summary summary) {
    if (!summary.measured().ended()) {
      Console.println(
          "%s was interrupted, or is still running: %s so far"
              .formatted(run.path(), Words.count(summary.measured().rounds().size(), "round")));
    }
  }

  private static Summary summary(Session session, RunFolder run) {
    RunQueries queries = RunQueries.of(session, run);
    if (!queries.isBenchmark()) {
      throw new CallException(run.path() + " is not a benchmark's run folder: it has no lanes/");
    }
    return queries.benchmark();
  }

  private int gate(Comparison comparison) {
    if (failBelow == null) {
      return 0;
    }
    List<Comparison.Row> slower = comparison.below(failBelow);
    for (Comparison.Row row : slower) {
      Console.say(
          String.format(
              Locale.ROOT,
              "%s is slower than %s times the first run: %.3f",
              row.trial(),
              failBelow,
              row.ratio()));
    }
    return slower.isEmpty() ? 0 : Main.FAILED;
  }

  private static void write(@Nullable Path file, String text) {
    if (file == null) {
      return;
    }
    try {
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
  }
}
