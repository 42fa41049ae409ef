package io.tandem.cli;

import com.typesafe.config.ConfigUtil;
import io.tandem.conf.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that follow a folder into which files arrive. */
final class FollowOptions {
  @Option(
      names = "--follow",
      paramLabel = "DIR",
      description =
          "predict the files of a folder, and new ones as they arrive, until Ctrl-C; the same call with --output continues")
  @Nullable String folder;

  @Option(
      names = "--follow-once",
      description = "with --follow or --resume: end after the files that are there")
  boolean once;

  /**
   * Checks the options against the others.
   *
   * @throws CallException if they do not fit together
   */
  void check(RunOptions others, ResumeOptions resume) {
    if (once && folder == null && resume.run == null) {
      throw new CallException("--follow-once needs --follow, and the folder");
    }
    if (folder == null) {
      return;
    }
    if (resume.run != null) {
      throw new CallException(
          "--resume continues with the folder that %s follows; omit --follow"
              .formatted(resume.run));
    }
    if (others.frames != null || others.manifest != null) {
      throw new CallException(
          "--follow names the folder of the frames; omit "
              + (others.frames != null ? "--frames" : "--manifest"));
    }
  }

  /** Returns the settings that the options set, as pairs of key and value. */
  List<String> pairs() {
    return folder == null
        ? List.of()
        : List.of(
            "frames.path=" + ConfigUtil.quoteString(folder),
            "follow.enabled=true",
            "follow.once=" + once);
  }

  /**
   * Returns the settings of a run that is resumed.
   *
   * @throws CallException if the run follows no folder, and is to end with its files
   */
  Settings of(Settings run, String path) {
    if (!once) {
      return run;
    }
    if (!run.infer().follow().enabled()) {
      throw new CallException("%s follows no folder; omit --follow-once".formatted(path));
    }
    return run.withInfer(run.infer().withFollow(run.infer().follow().withOnce(true)));
  }
}
