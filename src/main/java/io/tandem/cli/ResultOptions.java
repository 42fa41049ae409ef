package io.tandem.cli;

import com.typesafe.config.ConfigUtil;
import io.tandem.conf.ResultFormat;
import io.tandem.conf.ResultOutput;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsLoader;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that write results in another format, and to a table. */
final class ResultOptions {
  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description =
          "results without timings as json, orc or csv too, in results/ of the run folder; default: parquet, in predictions/ alone. With --resume: those of a run that has ended, without predicting")
  @Nullable String format;

  @Option(
      names = "--save-as",
      paramLabel = "TABLE",
      description =
          "append results without timings to catalog.namespace.table, a table of Apache Iceberg, which is created if there is none; also with --resume")
  @Nullable String table;

  /** Returns the settings that the options set, as pairs of key and value. */
  List<String> pairs() {
    List<String> pairs = new ArrayList<>();
    if (format != null) {
      pairs.add("output.format=" + ConfigUtil.quoteString(format));
    }
    if (table != null) {
      pairs.add("output.save-as=" + ConfigUtil.quoteString(table));
    }
    return pairs;
  }

  /**
   * Returns the settings of a run that is resumed.
   *
   * @throws CallException if its results go elsewhere already
   */
  Settings of(Settings run, String path) {
    ResultOutput before = run.output().results();
    ResultOutput asked = SettingsLoader.load(null, pairs()).output().results();
    if (format != null
        && before.format() != ResultFormat.PARQUET
        && before.format() != asked.format()) {
      throw new CallException(
          "the results of %s are in the format %s; omit --format".formatted(path, before.format()));
    }
    if (table != null && before.saveAs() != null && !table.equals(before.saveAs())) {
      throw new CallException(
          "the results of %s go to the table %s; omit --save-as".formatted(path, before.saveAs()));
    }
    return run.withOutput(
        run.output()
            .withResults(
                new ResultOutput(
                    before.commitFrames(),
                    format == null ? before.format() : asked.format(),
                    table == null ? before.saveAs() : table)));
  }
}
