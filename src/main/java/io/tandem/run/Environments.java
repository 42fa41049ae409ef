package io.tandem.run;

import io.tandem.conf.Settings;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelSpec;
import io.tandem.source.FramePlan;
import io.tandem.source.ManifestInfo;
import io.tandem.spark.Session;
import io.tandem.trial.ContenderEntry;
import io.tandem.trial.Environment;
import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.util.VersionInfo;
import org.jspecify.annotations.Nullable;

/** Writes down where a run ran. */
public final class Environments {
  private Environments() {}

  /** The benchmark's rules, as plain values. */
  public static Rules rules(Settings.Benchmark b) {
    Settings.Valid valid = b.valid();
    return new Rules(
        new Stopping(b.rounds(), b.intervalWidth()),
        b.minSeconds(),
        valid.minFrames(),
        valid.variation(),
        valid.garbageCollection(),
        valid.foreignLoad(),
        valid.stolen(),
        Math.round(valid.startSkewSeconds() * 1e6),
        valid.tie(),
        b.seed());
  }

  /**
   * @param devices what was found on each kind of device that is used
   */
  public static Environment of(
      Session session,
      Settings.Engine engine,
      ModelSpec model,
      List<Preflight.Found> devices,
      int cores,
      FramePlan frames,
      List<String> trials,
      Map<String, ContenderEntry> contenders,
      Rules rules,
      String jpegDecoder) {
    Preflight.Found found = devices.get(0);
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
        cores,
        found.gpus(),
        session.spark().sparkContext().master(),
        session.slots(),
        model.folder(),
        model.fingerprint(),
        frames.size(),
        frames.bytes(),
        trials,
        devices.stream()
            .collect(Collectors.toMap(f -> f.kind().toString(), Preflight.Found::decodeThreads)),
        Map.of(
            "separate_streams", engine.separateStreams(),
            "tf32", engine.tf32(),
            "cudnn_benchmark", engine.cudnnBenchmark()),
        contenders,
        rules,
        manifest(frames.manifest()),
        jpegDecoder);
  }

  private static Environment.@Nullable Manifest manifest(@Nullable ManifestInfo info) {
    return info == null
        ? null
        : new Environment.Manifest(
            info.path(), info.rows(), info.duplicates().size(), info.missing(), info.columnTypes());
  }
}
