package io.tandem.job;

import io.tandem.frame.FrameFile;
import io.tandem.infer.ModelSpec;
import io.tandem.summary.Environment;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.util.VersionInfo;

/** Writes down where a run ran. */
final class Environments {
  private Environments() {}

  static Environment of(
      Session session,
      ModelSpec model,
      Preflight.Found found,
      List<FrameFile> frames,
      List<String> trials,
      int rounds) {
    return new Environment(
        Optional.ofNullable(Environments.class.getPackage().getImplementationVersion())
            .orElse("development"),
        session.spark().version(),
        VersionInfo.getVersion(),
        found.engine(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")),
        found.cpu(),
        session.cores(),
        found.gpus(),
        session.spark().sparkContext().master(),
        session.slots(),
        model.folder(),
        model.fingerprint(),
        frames.size(),
        frames.stream().mapToLong(FrameFile::length).sum(),
        trials,
        rounds);
  }
}
