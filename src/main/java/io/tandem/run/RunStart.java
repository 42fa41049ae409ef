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
 * @param models the exports of the model, the baseline's first
 * @param frames the frames of the run
 * @param found the results of the preflight, of each export on each device
 * @param cores the cores that the lanes share
 * @param trials a benchmark's trials; empty for an inference
 */
public record RunStart(
    Session session,
    JpegChoice jpeg,
    List<ModelSpec> models,
    FramePlan frames,
    List<Preflight.Found> found,
    int cores,
    List<Trial> trials) {
  public RunStart {
    models = List.copyOf(models);
    found = List.copyOf(found);
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
            model(),
            new Environment.Frames(
                frames.size(), frames.bytes(), manifest(frames.manifest()), jpegDecoder()),
            rules(jpeg.settings().benchmark())),
        trials);
  }

  private @Nullable String jpegDecoder() {
    boolean isOfVideos = frames.size() > 0 && frames.videoFrames() == frames.size();
    return isOfVideos ? null : jpeg.decoder();
  }

  private Environment.Model model() {
    ModelSpec first = models.get(0);
    return new Environment.Model(
        first.folder(),
        first.fingerprint(),
        first.taskType(),
        models.stream()
            .collect(Collectors.toMap(one -> one.export().name(), ModelSpec::fingerprint)),
        engineOptions());
  }

  private Environment.Software software() {
    return new Environment.Software(
        Optional.ofNullable(RunStart.class.getPackage().getImplementationVersion())
            .orElse("development"),
        session.spark().version(),
        VersionInfo.getVersion(),
        found.stream().map(Preflight.Found::engine).distinct().collect(Collectors.joining(", ")),
        System.getProperty("java.vm.name") + " " + Runtime.version(),
        "%s %s %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
  }

  private Environment.Machine machine() {
    Preflight.Found first = found.get(0);
    return new Environment.Machine(
        first.cpu(),
        cores,
        found.stream().mapToInt(Preflight.Found::gpus).max().orElse(0),
        session.spark().sparkContext().master(),
        session.slots(),
        found.stream()
            .collect(
                Collectors.toMap(
                    f -> f.kind().toString(), Preflight.Found::decodeThreads, (a, b) -> a)));
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
            info.path(),
            info.counts().rows(),
            info.counts().duplicates(),
            info.counts().missing(),
            info.columnTypes());
  }
}
