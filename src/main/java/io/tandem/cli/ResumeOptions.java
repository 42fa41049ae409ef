package io.tandem.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that resume an interrupted run. */
final class ResumeOptions {
  @Option(
      names = "--resume",
      paramLabel = "RUN_DIR",
      description = "resume an interrupted run: do what it has not committed, by its own settings")
  @Nullable String run;

  @Option(
      names = "--take-over",
      description = "with --resume: the process on another host that wrote the folder has ended")
  boolean takeOver;

  /**
   * Checks the options against the others.
   *
   * @throws CallException if they do not fit together
   */
  void check(RunOptions others) {
    if (takeOver && run == null) {
      throw new CallException("--take-over needs --resume, and the run folder");
    }
    if (run != null && !others.areEmpty()) {
      throw new CallException(
          "--resume uses the settings of %s; it takes no others".formatted(run));
    }
  }
}
