package io.tandem.run;

import io.tandem.postprocess.TaskTypes;
import io.tandem.text.Printable;
import io.tandem.text.RunJson;
import io.tandem.trial.Environment;
import io.tandem.trial.Rules;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The record of a run, written before its first frame.
 *
 * @param environment the software, machine, model and frames of the run
 * @param trials a benchmark's trials, the baselines first; empty for an inference
 */
public record RunRecord(Environment environment, List<Trial> trials) {
  /** The version of the folder's format that this code writes, and the newest that it reads. */
  static final int FORMAT_VERSION = 2;

  private static final String FILE = "environment.json";

  public RunRecord {
    trials = List.copyOf(trials);
  }

  private record Document(
      int formatVersion,
      Environment.Software software,
      Environment.Machine machine,
      Environment.Model model,
      Environment.Frames frames,
      Rules rules) {}

  /**
   * Returns a sentence about the first difference that prevents resuming a benchmark; null if there
   * is none.
   */
  public @Nullable String changeTo(RunRecord now) {
    String changed = environment.changeTo(now.environment);
    if (changed != null || trials.equals(now.trials)) {
      return changed;
    }
    List<String> before = trials.stream().map(Trial::id).toList();
    return "the list of trials was %s, and is %s"
        .formatted(before, now.trials.stream().map(Trial::id).toList());
  }

  /** Writes the record to the folder of the run, in place of a former one. */
  public void write(RunFolder run) {
    Environment e = environment;
    run.write(
        FILE,
        RunJson.write(
            new Document(
                FORMAT_VERSION, e.software(), e.machine(), e.model(), e.frames(), e.rules())));
    if (!trials.isEmpty()) {
      run.write(TrialTable.FILE, TrialTable.write(trials));
    }
  }

  /**
   * Reads the record of a run, including those of older versions.
   *
   * @throws RunFolderException if a newer version wrote it, or if it is damaged
   */
  public static RunRecord read(RunFolder run) {
    try {
      RunRecord record = parsed(run);
      TaskTypes.named(record.environment.model().taskType());
      return record;
    } catch (IllegalArgumentException e) {
      throw new RunFolderException(
          null,
          "the records of %s cannot be read: %s"
              .formatted(run.path(), Printable.line(String.valueOf(e.getMessage()))),
          e);
    }
  }

  private static RunRecord parsed(RunFolder run) {
    String json = run.read(FILE);
    Object version = version(json);
    if (version.equals(1)) {
      return LegacyRun.read(json);
    }
    if (!(version instanceof Integer number) || number > FORMAT_VERSION) {
      throw new RunFolderException(
          null,
          "%s has run format %.20s, and this version of Tandem reads up to %d; use the version that wrote it, or a newer one"
              .formatted(run.path(), version, FORMAT_VERSION));
    }
    Document d = RunJson.read(json, Document.class);
    return new RunRecord(
        new Environment(d.software(), d.machine(), d.model(), d.frames(), d.rules()),
        run.exists(TrialTable.FILE) ? TrialTable.read(run.read(TrialTable.FILE)) : List.of());
  }

  private static Object version(String json) {
    Object version = RunJson.read(json, Map.class).get("format_version");
    return version == null ? 1 : version;
  }
}
