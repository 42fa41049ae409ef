package io.tandem.run;

import io.tandem.conf.BenchmarkSettings;
import io.tandem.conf.Settings;
import io.tandem.conf.SettingsText;
import io.tandem.lane.JpegChoice;
import io.tandem.lane.Preflight;
import io.tandem.model.ModelSpec;
import io.tandem.source.FramePlan;
import io.tandem.source.ManifestInfo;
import io.tandem.spark.Session;
import io.tandem.trial.Environment;
import io.tandem.trial.InterferenceLimits;
import io.tandem.trial.Rules;
import io.tandem.trial.Stopping;
import io.tandem.trial.Trial;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.hadoop.util.VersionInfo;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run before its first frame; written to its folder first.
 *
 * @param session the Spark session of the run
 * @param jpeg the settings of the run, and the JPEG library that it uses
 * @param model the model; with several exports, the first
 * @param frames the frames of the run
 * @param devices the result of the preflight on each kind of device, in the order of the settings
 * @param cores the cores that the lanes share
 * @param trials a benchmark's trials; empty for an inference
 */
public record RunStart(
    Session session,
    JpegChoice jpeg,
    ModelSpec model,
    FramePlan frames,
    List<Preflight.Found> devices,
    int cores,
    List<Trial> trials) {
  public RunStart {
    devices = List.copyOf(devices);
    trials = List.copyOf(trials);
  }

  /** Creates the folder of the run, and writes its settings, environment, trials and duplicates. */
  public void into(RunFolder run) {
    run.create();
    run.write("settings.conf", SettingsText.of(jpeg.settings()));
    record().write(run);
    run.writeDuplicates(frames.duplicates());
  }

  /** Returns the record that the folder holds. */
  public RunRecord record() {
    return new RunRecord(
        new Environment(
            software(),
            machine(),
            new Environment.Model(
                model.folder(), model.fingerprint(), model.taskType().toString(), engineOptions()),
            new Environment.Frames(
                frames.size(), frames.bytes(), manifest(frames.manifest()), jpeg.decoder()),
            rules(jpeg.settings().benchmark())),
        trials);
  }

  private Environment.Software software() {
    return new Environment.Software(
        Optional.ofNullable(RunStart.class.getPackage().getImplementationVersion())
            .orElse("development"),
        session.spark().version(),
        VersionInfo.getVersion(),
        devices.get(0).engine(),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
  }

  private Environment.Machine machine() {
    Preflight.Found found = devices.get(0);
    return new Environment.Machine(
        found.cpu(),
        cores,
        found.gpus(),
        session.spark().sparkContext().master(),
        session.slots(),
        devices.stream()
            .collect(Collectors.toMap(f -> f.kind().toString(), Preflight.Found::decodeThreads)));
  }

  private Map<String, Boolean> engineOptions() {
    Settings.Engine engine = jpeg.settings().engine();
    return Map.of(
        "separate_streams", engine.separateStreams(),
        "tf32", engine.tf32(),
        "cudnn_benchmark", engine.cudnnBenchmark());
  }

  /** Returns the rules of the benchmark settings. */
  public static Rules rules(BenchmarkSettings b) {
    BenchmarkSettings.Valid valid = b.valid();
    return new Rules(
        new Stopping(b.rounds(), b.intervalWidth(), b.times().budgetSeconds()),
        b.times().minSeconds(),
        valid.minBatches(),
        valid.garbageCollection(),
        new InterferenceLimits(
            valid.interference().foreignLoad(),
            valid.interference().stolen(),
            valid.interference().throttled(),
            valid.interference().clockDrop(),
            Math.round(valid.interference().clockJumpSeconds() * 1e6)),
        Math.round(valid.startSkewSeconds() * 1e6),
        valid.tie(),
        b.seed());
  }

  private static Environment.@Nullable Manifest manifest(@Nullable ManifestInfo info) {
    return info == null
        ? null
        : new Environment.Manifest(
            info.path(), info.rows(), info.duplicates().size(), info.missing(), info.columnTypes());
  }
}
